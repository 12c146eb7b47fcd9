"""A name is taken out of a workbook's parts by patching their text: wherever Excel keeps words, in whatever pieces; and nothing else is touched."""

from __future__ import annotations

import io
import zipfile

import pytest
from drops import zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import complete, edited, filled, issued, reading

from qaf_sheets.forms.names import NAMED
from qaf_sheets.forms.unname import texts_of, unname
from qaf_sheets.verdict import hash_of

NAME = "Grace O'Notareal"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOOK = f'<workbook {MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Review" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
OURS = {"Good", "Grace and favour"}


def after(part: str, body: str | bytes, cells: tuple[tuple[str, str], ...] = (), name: str = NAME) -> bytes:
    """One part of a workbook once the name is out."""
    parts = {"xl/workbook.xml": BOOK.encode(), "xl/_rels/workbook.xml.rels": RELS.encode(), part: body.encode() if isinstance(body, str) else body}
    done = unname(zipped(parts), [name], cells, OURS)
    with zipfile.ZipFile(io.BytesIO(done.data)) as archive:
        changed = {n for n in archive.namelist() if archive.read(n) != parts.get(n)}
        assert changed <= {part, part.replace("Grace", "child")}
        return archive.read(archive.namelist()[-1])


@pytest.mark.parametrize(
    ("part", "before", "left"),
    [
        ("xl/sharedStrings.xml", "<si><t>Grace O'Notareal</t></si>", "<si><t>[the child]</t></si>"),
        ("xl/sharedStrings.xml", "<si><t>Grace O&apos;Notareal</t></si>", "<si><t>[the child]</t></si>"),
        ("xl/sharedStrings.xml", "<si><t>GRACE O&#39;NOTAREAL &amp; co</t></si>", "<si><t>[the child] &amp; co</t></si>"),
        ("xl/sharedStrings.xml", '<si><r><t>Gr</t></r><r><rPr><b/></rPr><t xml:space="preserve">ace </t></r><r><t>rang</t></r></si>', '<si><r><t>[the child] rang</t></r><r><rPr><b/></rPr><t xml:space="preserve"></t></r><r><t></t></r></si>'),
        ("xl/sharedStrings.xml", "<si>\n  <t>Grace</t>\n</si>", "<si>\n  <t>[the child]</t>\n</si>"),
        ("xl/sharedStrings.xml", "<si><t>With Grace_x000D_\nO'Notareal</t></si>", "<si><t>With [the child]</t></si>"),
        ("xl/sharedStrings.xml", "<si><t>Grace &lt;3 _x000D_\n</t></si>", "<si><t>[the child] &lt;3 _x000D_\n</t></si>"),
        ("xl/worksheets/sheet1.xml", '<c r="A1" t="str"><f>"Grace"&amp;B1</f><v>Grace</v></c>', '<c r="A1" t="str"><f>"child"&amp;B1</f><v>[the child]</v></c>'),
        ("xl/worksheets/sheet1.xml", "<f>'Grace notes'!A1</f>", "<f>'child notes'!A1</f>"),
        ("xl/worksheets/sheet1.xml", "<oddHeader>&amp;LGrace</oddHeader>", "<oddHeader>&amp;L[the child]</oddHeader>"),
        ("xl/worksheets/sheet1.xml", '<dataValidation prompt="Grace&quot;s" sqref="A1"/>', '<dataValidation prompt="child&quot;s" sqref="A1"/>'),
        ("xl/worksheets/_rels/sheet1.xml.rels", '<Relationship Id="r1" Target="mailto:grace_o\'notareal@x.example"/>', '<Relationship Id="r1" Target="mailto:child@x.example"/>'),
        ("xl/comments1.xml", "<comment><text><r><t>Ms G: </t></r><r><t>Grace rang</t></r></text></comment>", "<comment><text><r><t>Ms G: [the child] rang</t></r><r><t></t></r></text></comment>"),
        ("xl/threadedComments/threadedComment1.xml", "<threadedComment><text>Grace rang</text></threadedComment>", "<threadedComment><text>[the child] rang</text></threadedComment>"),
        ("xl/drawings/drawing1.xml", "<a:p><a:r><a:t>Gra</a:t></a:r><a:r><a:t>ce</a:t></a:r></a:p>", "<a:p><a:r><a:t>[the child]</a:t></a:r><a:r><a:t></a:t></a:r></a:p>"),
        ("xl/drawings/drawing1.xml", "<xdr:cNvPr id='2' descr='Grace drew'/>", "<xdr:cNvPr id='2' descr=\"child drew\"/>"),
        ("xl/drawings/vmlDrawing1.vml", "<div><font>Grace<br>rang</div>", "<div><font>[the child]<br>rang</div>"),
        ("docProps/core.xml", "<dc:title>Grace O'Notareal's review</dc:title>", "<dc:title>[the child] review</dc:title>"),
        ("docProps/app.xml", "<TitlesOfParts><vt:lpstr>Grace</vt:lpstr></TitlesOfParts>", "<TitlesOfParts><vt:lpstr>[the child]</vt:lpstr></TitlesOfParts>"),
        ("docProps/custom.xml", "<!-- Grace --><a><![CDATA[Grace]]></a>", "<!-- [the child] --><a><![CDATA[[the child]]]></a>"),
        ("xl/media/Grace.xml", "<a/>", "<a/>"),
    ],
)  # fmt: skip
def test_wherever_words_are_kept(part: str, before: str, left: str) -> None:
    assert after(part, before).decode() == left


@pytest.mark.parametrize(
    "before",
    [
        "<si><t>gracefully, by the grace of</t></si>", "<si><t>Gracefield</t></si>", "<si><t>Grace and favour</t></si>", "<si><t xml:space='preserve'> a &#38; b &apos; </t></si>",
        '<c r="A1" s="1"><v>12</v></c>', '<font><name val="Grace"/></font>', '<a kind="Grace"/>', "<t>broken & < xml", '<a b="x > Grace y"/>',
    ],
)  # fmt: skip
def test_what_is_not_the_name_stays_byte_for_byte(before: str) -> None:
    assert after("xl/sharedStrings.xml", before) == before.encode()


def test_a_part_in_another_encoding() -> None:
    assert after("xl/sharedStrings.xml", "<si><t>Grace</t></si>".encode("utf-16")).decode("utf-16") == f"<si><t>{NAMED}</t></si>"


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ('<c r="C9" s="4" t="s"><v>7</v></c>', '<c r="C9" s="4" t="inlineStr"><is><t>[the child]</t></is></c>'),
        ('<c s="4" r="C9"/>', '<c s="4" r="C9" t="inlineStr"><is><t>[the child]</t></is></c>'),
        ('<x:c r="C9" t="str"><x:f>A1</x:f><x:v>G</x:v></x:c>', '<x:c r="C9" t="inlineStr"><x:is><x:t>[the child]</x:t></x:is></x:c>'),
    ],
)  # fmt: skip
def test_the_cell_that_asked_for_it_is_emptied_whatever_stands_there(cell: str, left: str) -> None:
    around = '<c r="C8" t="s"><v>7</v></c>{}<c r="C90" t="s"><v>7</v></c><cols/>'
    assert after("xl/worksheets/sheet1.xml", around.format(cell), (("Review", "C9"),), name="not known").decode() == around.format(left)


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="ab<>&'\"_x0D\r\n\t é", max_size=20))
def test_any_words_beside_the_name_are_kept_as_they_were(words: str) -> None:
    said = complete("CCR", child_name=NAME, pen_picture=f"A{words}B Grace{words}Z")
    before = reading("CCR", data := filled("CCR", said))
    cells = {(a.sheet, a.cell) for a in before.content.answers.values() if a.withheld}
    again = reading("CCR", unname(data, before.names, cells, texts_of(issued("CCR"))).data)
    assert again.content == before.content
    assert again.names == (NAMED,)


@pytest.mark.parametrize("name", ["Grace Good", "Review Form", "Blake Placeholder", "Child Protection", "Yes No"])
def test_a_child_who_is_called_like_a_word_of_the_form_costs_the_form_nothing(name: str) -> None:
    """Saved by another program, whose shared texts hold labels, choices and answers alike."""
    data = edited(filled("CCR", complete("CCR", child_name=name, overall_grade="Good", level_of_need="Child Protection")), lambda _: None)
    before = reading("CCR", data)
    cells = {(a.sheet, a.cell) for a in before.content.answers.values() if a.withheld}
    again = reading("CCR", unname(data, before.names, cells, texts_of(issued("CCR"))).data)
    assert hash_of(again.content) == hash_of(before.content)
    assert again.content.answers["overall_grade"].value == "Good"


def test_the_same_file_gives_the_same_bytes() -> None:
    data = filled("CCR", complete("CCR", child_name=NAME))
    assert unname(data, [NAME], (), ()).data == unname(data, [NAME], (), ()).data
