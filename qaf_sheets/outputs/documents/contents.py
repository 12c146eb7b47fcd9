"""The list of contents of a finished document: linked headings inside the contents field, so that nobody is asked to update it."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

FIRST_BOOKMARK = 9000


def fill_contents(document: Any) -> None:
    """List the first-level headings in the field `TOC`, without those that have no number on purpose; a template without one stays as it is."""
    place = next((p for p in document.paragraphs if any("TOC \\o" in (i.text or "") for i in p._p.iter(qn("w:instrText")))), None)
    headings = [p for p in document.paragraphs if p.style.name == "Heading 1" and p.text.strip() and not _unnumbered(p._p)]
    if place is None or not headings:
        return
    last, field = place._p, _field(place._p)
    if not field:
        return
    *shown, end = field
    for run in shown:
        last.remove(run)
    for number, heading in enumerate(headings, 1):
        name = f"_Toc{number:06d}"
        _bookmark(heading._p, name, number)
        line = _link(name, heading.text if heading._p.pPr.numPr is not None else f"{number}   {heading.text}")
        if number == 1:
            end.addprevious(line)
        else:
            paragraph = parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{place.style.style_id}"/></w:pPr></w:p>')
            paragraph.append(line)
            last.addnext(paragraph)
            last = paragraph
    last.append(end)


def _unnumbered(heading: Any) -> bool:
    """Whether somebody took the number away: the first page's headings are not sections."""
    number = heading.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    return number is not None and number.get(qn("w:val")) == "0"


def _field(paragraph: Any) -> list[Any]:
    """The runs that show the field's result, and its end; [] once Word has written a list of its own over several paragraphs."""
    runs = list(paragraph.findall(qn("w:r")))
    kinds = [next((c.get(qn("w:fldCharType")) for c in run.iter(qn("w:fldChar"))), "") for run in runs]
    if "separate" not in kinds or kinds[-1] != "end":
        return []
    return runs[kinds.index("separate") + 1 :]


def _bookmark(paragraph: Any, name: str, number: int) -> None:
    start, stop = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, stop):
        mark.set(qn("w:id"), str(FIRST_BOOKMARK + number))
    start.set(qn("w:name"), name)
    paragraph.insert(1 if paragraph.pPr is not None else 0, start)
    paragraph.append(stop)


def _link(name: str, text: str) -> Any:
    link = parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="{name}" w:history="1"><w:r><w:t xml:space="preserve"/></w:r></w:hyperlink>')
    link[0][0].text = text
    return link
