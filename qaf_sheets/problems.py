"""Every problem a person can be told of: its code, level, case in specification 10, and wording. Wording lives here alone.

Style: what happened, then what to do, at most thirty words, no blame. `{name}` parts are filled by `problem`.
"""

from __future__ import annotations

from typing import NamedTuple

from qaf_sheets.model import Answer, Level, Problem, Question


class Entry(NamedTuple):
    """One line of the catalogue. `case` is the row of specification section 10, 0 where it is our own."""

    level: Level
    case: int
    wording: str


CATALOGUE: dict[str, Entry] = {
    # ---- the file
    "NOT_A_WORKBOOK": Entry("E", 1, "We could not read '{file}'. Please return the Excel form we sent you (.xlsx)."),
    "PASSWORD": Entry("E", 2, "This workbook has a password, so we cannot open it. Remove it (File > Info > Protect Workbook) and save again."),
    "WAITING": Entry("I", 4, "Waiting for '{file}' to finish saving; we will try again."),
    "ONLINE_ONLY": Entry("I", 4, "'{file}' is only online so far. We read it once it is on this computer: choose 'Always keep on this device' for Return here."),
    "OPEN_BY": Entry("I", 4, "'{file}' is open by {who}. We will read it once it is closed."),
    "DAMAGED": Entry("E", 5, "The file arrived empty or damaged. Please save it again and drop it back in."),
    "UNSAFE_FILE": Entry("E", 5, "We could not read this file safely ({why}). Please copy your answers into the form we sent you."),
    "MACROS": Entry("W", 6, "Macros are not used; we read the answers only."),
    "NOT_OUR_FORM": Entry("E", 7, "The reference is missing, so this is not a form we issued. Please copy your answers into the original form, or ask the QA unit for a fresh one."),
    "IDENTITY_CHANGED": Entry("E", 7, "The reference in this form is missing or changed. Please copy your answers into the original form, or ask the QA unit for a fresh one."),
    "TWO_FORMS": Entry("E", 7, "This workbook holds parts of two forms, {first} and {second}. Please copy your answers into the original form of each, and return those."),
    "RETURN_UNKNOWN": Entry("E", 8, "Reference {return_id} was not issued by this council's QA unit. Please ask the QA unit which form to use."),
    "LATE": Entry("W", 12, "Thank you. Received {days} after {due}."),
    "SAME_AGAIN": Entry("I", 13, "We already have this return, unchanged. Nothing more to do."),
    "STILL_TO_FIX": Entry("I", 13, "We already have this, unchanged, and it still needs fixing. Please put right what the page in your Needs fixing folder lists, and send it again."),
    "STILL_HELD": Entry("I", 13, "We already have this, unchanged. It waits for a decision of the PSW or the QA unit; you need do nothing more."),
    "NOT_CHOSEN": Entry("I", 13, "We already have this, unchanged. Another version was chosen, so this one is kept and not used; ask the QA unit if it should count."),
    "REPLACED": Entry("W", 14, "We have replaced your earlier version and kept the old copy ({changes})."),
    "STILL_COUNTS": Entry("I", 78, "We already have these answers and they count: the newer version is not used, or waits. Kept; nothing more to do."),
    "OLDER": Entry("W", 78, "Older than the version we hold; kept in the archive, not used."),
    "TWO_PEOPLE": Entry("E", 16, "A return for this already came from {who}. The QA unit will ask which one to use."),
    "NOT_A_FILE": Entry("I", 0, "'{file}' is a folder or a link, not a workbook. Please put the workbook itself into Return here."),
    "NAME_UNREADABLE": Entry("I", 0, "The name of '{file}' has letters that this computer cannot read. Please rename the file, with plain letters, and it is received."),
    "OUR_FAULT": Entry("I", 0, "We could not receive '{file}' because of a fault of ours. It stays safe where it is; please tell the QA unit."),
    "DRAFT": Entry("I", 0, "Not marked complete, so not read yet. Fill in 'Completed on' when it is ready."),
    # ---- finding the answers
    "LAYOUT_CHANGED": Entry("E", 43, "The form's layout changed and we cannot find the answer to '{label}'. Please use the original form."),
    "SHEET_MISSING": Entry("E", 44, "The sheet '{sheet}' is missing. Please use the original form, or ask the QA unit for a fresh one."),
    "ANSWER_LOST": Entry("E", 43, "We could not find your answer to '{label}' in the form you sent. Please write it again here."),
    "SHEET_LOST": Entry("E", 44, "The sheet '{sheet}' was missing from the form you sent. Please fill it in again here."),
    "FORMULA_KEPT": Entry("W", 45, "Cell {cell} holds a formula; we kept its result."),
    "ERROR_VALUE": Entry("E", 45, "Cell {cell} shows {value}. Please type the answer instead."),
    "KEPT_AS_TEXT": Entry("I", 46, "'{label}' starts with a sign that Excel reads as a formula. Kept as text."),
    "COMMENT_NOT_READ": Entry("W", 47, "Comments are not read. Please put what the comment on cell {cell} says into the answer itself."),
    "ROW_HIDDEN": Entry("W", 47, "Row {number} on the sheet '{sheet}' is hidden. We have read it; please check that it should count."),
    "SHEET_HIDDEN": Entry("W", 47, "The sheet '{sheet}' is hidden. We have read it; please check that it should count."),
    "SHEET_NOT_READ": Entry("W", 47, "The sheet '{sheet}' is not part of the form, so it is not read. Please put what it says into the answers."),
    "ROWS_TOO_MANY": Entry("E", 0, "Only the first {most} rows of '{label}' were read. Please delete the rows you do not need, or ask the QA unit."),
    "ROWS_SKIPPED": Entry("I", 41, "We skipped {count} in '{sheet}'."),
    # ---- answers
    "ANSWER_MISSING": Entry("E", 17, "{label}: please write your answer (sheet '{sheet}', cell {cell})."),
    "CHOICE_MISSING": Entry("E", 17, "{label}: please choose from the list (sheet '{sheet}', cell {cell})."),
    "DATE_MISSING": Entry("E", 17, "{label}: please enter the date, like 13/12/2026 (sheet '{sheet}', cell {cell})."),
    "TOO_LITTLE": Entry("E", 18, "'{value}' does not tell us enough. Please write what you found."),
    "NOBODY_NAMED": Entry("E", 18, "'{value}' names nobody. Please write who it is."),
    "SHORT": Entry("W", 19, "Only {count} for '{label}'. Please add why."),
    "NOT_ON_LIST": Entry("E", 20, "'{value}' is not one of {options}. Choose one."),
    "READ_AS": Entry("I", 21, "Read as {value}."),
    "SERIAL_READ": Entry("I", 32, "Read {serial} as {value}."),
    "DATE_UNREADABLE": Entry("E", 31, "We could not read '{value}'. Use day/month/year, e.g. 13/12/2026."),
    "NUMBER_UNREADABLE": Entry("E", 31, "We could not read '{value}' as a number. Please type a whole number, like 90."),
    "NOT_A_COUNT": Entry("E", 76, "'{value}' cannot be a count. Please type a whole number, 0 or more."),
    "COUNT_BEYOND": Entry("E", 76, "{label} is {value}, but {whole} is only {total}. Please check both numbers."),
    "COUNTS_EXCEED": Entry("E", 76, "{parts} come to {sum}, but {label} is {value}. Please check the numbers."),
    "NOTHING_TO_REPORT": Entry("I", 75, "Recorded as nothing to report."),
    "IN_FUTURE": Entry("E", 33, "{label} is in the future ({value}). Please enter the date it happened."),
    "OUTSIDE_QUARTER": Entry("W", 34, "{label} is {value}, which is in {other}. It counts with the form it came in; please check the date."),
    "GRADE_ON_OBSERVATION": Entry("E", 52, "Observations are not graded (6.7). Please describe strengths and areas for development."),
    "PERSON_UNKNOWN": Entry("E", 54, "{value} is not on the staff list. Check the spelling or tell the QA unit."),
    "WORKER_UNKNOWN": Entry("W", 54, "{value} is not on the staff list. We have kept the name as typed."),
    "PERSON_LEFT": Entry("E", 54, "{value} left on {date}. Check the name or tell the QA unit."),
    "NATURE_MISSING": Entry("E", 56, "Please say what was observed."),
    "ED_MISSING": Entry("E", 57, "Equality, diversity and identity must be completed for all QA work."),
    "GRADE_NEEDED": Entry("E", 22, "Every review needs an overall grade. Please choose one from the list."),
    "AREA_REASON_MISSING": Entry("E", 23, "You chose 'Not applicable'. Please say here why {label} does not apply."),
    "OVERALL_ABOVE_INADEQUATE": Entry("W", 24, "Overall is {grade} but {area} is Inadequate. Please check that your rationale explains this."),
    "OVERALL_ABOVE_ALL": Entry("W", 25, "The overall grade is higher than the grade of every area. Please check that your rationale explains this."),
    "CHILD_ID_FORMAT": Entry("E", 35, "A child's ID has {digits} digits. Please check it, and do not use a name."),
    "CHILD_ID_READ_AS": Entry("I", 36, "Read as {value}."),
    "CHILD_NOT_ALLOCATED": Entry("W", 37, "Child {value} is not on the list we hold. Please check the ID."),
    "ISSUED_CHANGED": Entry("E", 77, "We sent this form with '{label}' as '{issued}', not '{value}'. Please put that back, or ask the QA unit for another form."),
    "ISSUED_LOST": Entry("E", 77, "{count} that we sent in '{sheet}' cannot be found. Please put back what you deleted or changed, or ask the QA unit for another form."),
    "CHILD_NOT_YOURS": Entry("E", 77, "This form was issued for child {child}, not {value}. Please ask the QA unit for another form."),
    "CHILD_ELSEWHERE": Entry("W", 39, "Child {value} and the family were also looked at in {where}."),
    "REVIEWER_HOLDS_CASE": Entry("E", 48, "The reviewer holds this child's case, so someone else must review it. Please ask the QA unit."),
    "REVIEWER_CHAIRS_CASE": Entry("E", 48, "The reviewer chairs this child's reviews, so someone else must review it. Please ask the QA unit."),
    "REVIEWER_MANAGES_CASE": Entry("E", 48, "The reviewer manages this child's worker, so someone else must review it. Please ask the QA unit."),
    "MODERATOR_IS_REVIEWER": Entry("E", 49, "A review cannot be moderated by the person who did it. Please name another moderator."),
    "MODERATOR_CHAIRS_CASE": Entry("E", 49, "The moderator chairs this child's reviews, so someone else must moderate it. Please name another moderator."),
    "MODERATED_CHANGE": Entry("E", 15, "This review has been moderated. The PSW will decide about the change; until then the version we hold counts."),
    "MODERATION_REPLACED": Entry("E", 15, "The review was changed after this form was sent out. Please copy your answers into the newer form, {newer}."),
    "SAMPLE_NO_REVIEWER": Entry("W", 0, "No reviewer was found for {value}: those who may have enough already. Please widen the pool, or choose by hand."),
    "SAMPLE_FEW": Entry("W", 0, "Only {n} could be drawn; {asked} are asked for. Please look at the Children sheet, the pool, and the shares of teams and levels, or allocate more by hand."),
    "SAMPLE_MISSES": Entry("W", 0, "No child of this {label} was drawn: {who}. Draw again with another seed, or allocate one by hand."),
    "SAMPLE_NONE_AGAIN": Entry("W", 0, "Children are waiting to be looked at again, and none could be drawn."),
    "NOTHING_TO_FOLLOW_UP": Entry("I", 0, "No action was marked done in {quarter}, so there is nothing to follow up yet. Issue again once the tracker says more."),
    "FORMS_NOT_WRITTEN": Entry("W", 0, "Forms could not be written into 'To complete' yet. Please see that there is room and that the folder may be changed; we will try again."),
    "NO_MODERATOR": Entry("W", 49, "Nobody in the plan may moderate {piece}: all its moderators had a part in it. Please add one under the setting 'moderators'."),
    "MODERATION_TOO_EARLY": Entry("E", 50, "Moderation is dated {value}, before the review. Please check both dates."),
    "MODERATION_UNEXPLAINED": Entry("E", 51, "The grade moved by two or more. Please record why."),
    "OBSERVER_NOT_MANAGER": Entry("W", 53, "{who} is not the line manager, so this counts as an extra observation, not the annual one."),
    "TEAM_CHANGED": Entry("W", 69, "The form was sent out to {before}, and its reader is now in {now}. It counts under {before}."),
    "OWN_SUPERVISION": Entry("E", 65, "You cannot review your own supervision or observe yourself. Please check '{label}', or ask the QA unit for another reviewer."),
    "ASYE_FINISHED": Entry("W", 66, "{who} finished their ASYE year on {date}. Please check that they should still be looked at."),
    "FEW_NEWLY_QUALIFIED": Entry("I", 67, "Only {count} newly qualified social workers were in post, so only so many are looked at."),
    "LEVEL_MOVED": Entry("W", 70, "The child was at {before} when drawn and is now at {now}. The level on the day of the review counts."),
    "CASE_ENDED": Entry("W", 71, "Child {value} {what} on {date}. The review may still go ahead; please check that it should."),
    "OBSERVED_AGAIN": Entry("I", 55, "Second observation of this person this year recorded."),
    "FEEDBACK_BEFORE_WORK": Entry("E", 59, "Written feedback is dated {value}, before the work it is about. Please check both dates."),
    "DATED_BEFORE_WORK": Entry("W", 59, "'{label}' of {row} is dated {value}, before the work was done on {done}. Please check the date."),
    "DISCUSSED_BEFORE_WORK": Entry("E", 59, "The discussion with the team manager is dated {value}, before the review. Please check both dates."),
    "FAMILY_REASON_MISSING": Entry("E", 60, "Please say why the family's views were not heard."),
    "FAMILY_VIEWS_MISSING": Entry("W", 60, "You heard the family's views, but nothing they said is written down. Please add it if you can."),
    "NAME_IN_TEXT": Entry("W", 62, "'{label}' may hold {kinds}. Please write “the child” or a role; we have not changed it."),
    "TOO_LONG": Entry("E", 63, "'{label}' is too long for one Excel cell, so its end may be lost. Please shorten it."),
    "FEEDBACK_OUTSTANDING": Entry("W", 58, "Spoken and written feedback not yet recorded."),
    "CONCERN_NOT_REPORTED": Entry("E", 61, "You flagged an immediate concern. Tell the team manager now and record who you told. Do not wait for this form."),
    "IMMEDIATE_CONCERN": Entry("W", 61, "An immediate concern was flagged and reported to {who}. The QA unit has been alerted."),
    "CHILD_NAMED": Entry("W", 62, "The child's name stands in '{label}'. We leave it out everywhere; next time please write “the child”."),
    # ---- tables
    "ROW_UNFINISHED": Entry("E", 28, "{row} needs {missing}."),
    "NO_ACTION_LISTED": Entry("E", 27, "You said there are actions. Add at least one, with an owner and a date, or choose 'No further action' and say why."),
    "ACTIONS_UNEXPECTED": Entry("W", 27, "You chose 'No further action' but listed {count}. We have kept them."),
    "ROWS_NONE": Entry("E", 40, "There is nothing on the sheet '{sheet}' yet. Please list at least one."),
    "INADEQUATE_NO_ACTION": Entry("E", 26, "An Inadequate grade needs at least one action with an owner and a date. Please add it to the Actions sheet."),
    "CHILD_TWICE": Entry("E", 38, "Child {value} is on {where}; each child counts once."),
    "FEWER_ROWS": Entry("W", 40, "{count} listed; the framework expects at least {least}."),
    "FEWER_REASON_MISSING": Entry("E", 40, "Fewer than ten children are listed. Please add more, or say why."),
    "NO_NEEDS_COMMENT": Entry("E", 42, "An answer in this row is No. Please say in the comment what is missing and what it means for the child."),
    "DUE_BEFORE_WORK": Entry("E", 29, "{row} is due on {value}, before the work took place. Please check the date."),
    "DUE_FAR": Entry("W", 29, "{row} is due on {value}, more than a year ahead. Please check the date."),
    "NOT_A_WORKING_DAY": Entry("W", 30, "{value} is {kind}; the next working day is {later}."),
    # ---- the plan
    "PLAN_UNREADABLE": Entry("E", 0, "We could not read '{file}'. Please save it as an Excel workbook (.xlsx) and try again."),
    "PLAN_SHEET_MISSING": Entry("E", 0, "The sheet '{sheet}' is missing. Please put it back; 'qaf-sheets init' in an empty folder shows one."),
    "PLAN_COLUMN_MISSING": Entry("E", 0, "The column '{label}' is missing. Please put it back in the heading row."),
    "PLAN_BLANK": Entry("E", 0, "'{label}' is blank. Please fill it in."),
    "PLAN_NOT_A_DATE": Entry("E", 0, "'{value}' is not a date. Use day/month/year, e.g. 13/12/2026."),
    "PLAN_NOT_A_NUMBER": Entry("E", 0, "'{value}' is not a whole number."),
    "PLAN_NOT_ON_LIST": Entry("E", 0, "'{value}' is not one of {options}."),
    "PLAN_DUPLICATE": Entry("E", 0, "'{value}' is already used in cell {other}. Each must be different."),
    "PLAN_UNKNOWN_PERSON": Entry("E", 0, "'{value}' is not an id on the People sheet."),
    "PLAN_ID_UNUSABLE": Entry("E", 0, "'{value}' cannot name a folder. Use letters, digits, - and _ only, as in P031."),
    "PLAN_UNKNOWN_TEAM": Entry("E", 0, "The team '{value}' is not on the Teams sheet."),
    "PLAN_CYCLE": Entry("E", 0, "{name} would be their own manager: {chain}. Please correct the line manager."),
    "PLAN_NO_MANAGER": Entry("E", 0, "{name} has no line manager. Only the Director may have none."),
    "PLAN_MANAGER_LEFT": Entry("W", 0, "{name}'s manager {value} left on {date}. Please name the new manager; until then the manager above owes what was theirs."),
    "PLAN_TEAM_NO_AREA": Entry("E", 0, "The team '{value}' has no service area. Please fill it in."),
    "PLAN_AREA_NO_HEAD": Entry("E", 0, "'{value}' has no {role} in post. Please add one on the People sheet."),
    "PLAN_TWO_HEADS": Entry("E", 0, "'{value}' has two people in post as {role}: {who}. Please leave one."),
    "PLAN_DATES_CROSSED": Entry("E", 0, "'{label}' is before '{other}'. Please check the dates."),
    "PLAN_OUTSIDE_QUARTER": Entry("W", 0, "'{label}' is {value}, which is not in {quarter}. Please check the date and the quarter."),
    "PLAN_BAD_QUARTER": Entry("E", 0, "'{value}' is not a quarter. Write it like 2026-27-Q3."),
    "PLAN_CHILD_ID": Entry("E", 0, "A child ID has {digits} digits. Please check '{value}'."),
    "PLAN_CHILD_UNKNOWN": Entry("E", 0, "The child ID '{value}' is not on the Children sheet."),
    "PLAN_NO_OWNER": Entry("E", 0, "Rule {rule} finds nobody to owe it. Check 'Who owes it' or switch the rule off."),
    "PLAN_SETTING_UNKNOWN": Entry("E", 0, "There is no setting called '{value}'. Check the spelling against the guide."),
    "PLAN_OWN_CHILD": Entry("E", 48, "{value} holds or chairs this child's case, so someone else must review it. Please choose another reviewer."),
    "PLAN_FEW_ALLOCATED": Entry("W", 0, "{n} of {asked} children are allocated for {activity} in {quarter}. Please add the others to the Allocation sheet, or draw them: 'qaf-sheets sample ccr'."),
    "PLAN_THEME_MISSING": Entry("W", 0, "{activity} has no theme for {quarter}. Choose one in the Calendar, with questions of kind '{kind}' on the Themes sheet; its forms wait until then."),
    "PLAN_NO_FORM": Entry("E", 0, "There is no form for '{value}'. Check the activity code."),
    "PLAN_RULES_CLASH": Entry("E", 0, "Rules {other} and {rule} ask the same people for {activity}, so they would owe it twice. Please switch one off."),
    "PLAN_POOL_SMALL": Entry("W", 0, "{n} people share {asked} of {activity} in {quarter}: more than each may have. Please widen 'Who owes it', or the setting 'ccr_most_each'."),
    "PLAN_NO_SHARE": Entry("W", 0, "In {quarter} no child is allocated for {activity} to {who}. Each who shares the duty has at least one."),
    "PLAN_NOT_IN_POOL": Entry("W", 0, "{name} is not in one of the roles that rule {rule} names. Please choose another reviewer, or add the role."),
    "PLAN_REVIEWER_AWAY": Entry("W", 68, "{name} {why}. Please give the child to another reviewer."),
    "PLAN_HEAD_LEFT": Entry("W", 0, "'{value}' has no {role} since {name} left on {date}. {who} owes what was theirs until one is named."),
    "PLAN_FOCUS_UNDATED": Entry("W", 0, "{name} is in development focus, but not since when. Fill in 'New in role since' to bring the observation forward."),
    "PLAN_LEARNING_BLANK": Entry("W", 0, "No learning event is planned for DLT on {date}. Fill it in, or write 'to be confirmed'."),
    # ---- the tracker
    "TRACKER_UNREADABLE": Entry("E", 0, "We could not read '{file}'. It was left as it is; please close it or save it again."),
    "TRACKER_UNSOUND": Entry("E", 0, "'{file}' lost what it said when it was written, so we cannot tell what was changed and used nothing. Please undo, or delete it and a new one comes."),
    "COPY_UNSOUND": Entry("E", 0, "This copy of the tracker does not say what it was when it was written, so nothing in it was used. Please make your changes in the tracker itself."),
    "COPY_FOREIGN": Entry("E", 0, "This tracker was written in another workspace, so nothing in it was used. Please ask the QA unit which one is yours."),
    "COPY_READ": Entry("I", 0, "Taken from this copy, saved by {who}: {taken}. Kept beside the table, on the Conflicts sheet: {clashes}."),
    "COPY_AGAIN": Entry("I", 0, "We already have this copy, unchanged. Nothing more to do."),
    "OWNER_UNKNOWN": Entry("W", 0, "The owner of {rows}, '{owner}', is nobody on the staff list in post, so there is no list of actions for them. Please choose a name from the list."),
    "OWNER_MISSING": Entry("W", 0, "{rows}: no owner, so no list of actions holds it. Please name one."),
    "LOCKED_RESTORED": Entry("W", 73, "'{label}' of {row} was changed to '{value}'. It is kept by the service, so we have put it back."),
    "ROW_RESTORED": Entry("W", 72, "{row} was deleted. We have put it back; {instead}."),
    "ROW_ADDED": Entry("I", 0, "A new {noun} was added by hand and is now {row}."),
    "REFERENCE_CHANGED": Entry("W", 73, "The reference '{row}' in row {number} is not one of ours. We added the row as a new {noun} and put back the one it replaced."),
    "REFERENCE_TWICE": Entry("W", 73, "{row} stands twice. We kept the first; the other became a new {noun}."),
    "CLASH": Entry("W", 72, "'{label}' of {row} was changed in two places. Both values are on the Conflicts sheet."),
    "MOVE_NOT_ALLOWED": Entry("W", 20, "{row} cannot go from {was} to {now}. From {was} it may go to: {allowed}. We kept what was there before."),
    "MOVE_NEEDS": Entry("W", 20, "To mark {row} as {now}, please fill in {missing} as well, and choose {now} again. We kept what was there before."),
    "MOVE_UNSEEN": Entry("W", 20, "{row} is Verified once a follow-up has seen its evidence; nobody needs to type it. Closed is yours to choose. We kept what was there before."),
    "EDIT_REFUSED": Entry("W", 20, "'{value}' is not allowed for '{label}' of {row}. We kept what was there before."),
    "TRACKER_SHEET_MISSING": Entry("W", 44, "The sheet '{sheet}' or its first column is missing from the actions tracker, so we changed nothing. Please undo, or delete the file and a new one comes."),
    "COLUMN_RESTORED": Entry("W", 44, "The column '{label}' was deleted from the actions tracker. We have put it back as it was."),
    "OWN_FORMULAS": Entry("I", 0, "Your column '{label}' holds formulas. The tracker keeps what they show, not the formulas."),
    "OWN_COLUMN_GONE": Entry("I", 0, "Your column '{label}' is no longer in the actions tracker. It held something in {n} rows; the service's journal has it still."),
    "OWN_SHEET_PLAIN": Entry("I", 0, "The sheet '{sheet}' is your own. The tracker keeps what its cells show, but no formulas, charts or pictures."),
    "OWN_SHEET_NOT_KEPT": Entry("W", 0, "The sheet '{sheet}' is too large to keep in the actions tracker. Please keep it in a workbook of your own."),
    "OWN_VALUE_ASIDE": Entry("I", 0, "{row} is no longer in the table. In your column '{label}' it says: {value}. It is kept, and shown again should the row come back."),
    "ROW_NOT_ADDED": Entry("W", 28, "Row {number} has nothing under '{label}', so it was not added. It said: {value}."),
    "ROW_NOT_KEPT": Entry("W", 73, "Row {number} is not one of ours, and this table only holds what has come back. It goes when the tracker is next written. It said: {value}."),
    # ---- decisions
    "QUARTER_CLOSED": Entry("E", 11, "{quarter} was closed on {date}. Late returns need the PSW to reopen it; yours is kept until then."),
    "DECISION_UNSIGNED": Entry("W", 0, "{row} says '{choice}', but not {missing}. Please fill that in; until then it is not carried out."),
    "DECISION_UNCLEAR": Entry("W", 0, "'{choice}' is not a choice for {row}. It can be: {choices}."),
    "DECISION_ABOUT_UNKNOWN": Entry("W", 0, "{row} is about '{about}', which we do not know. {example}"),
    # ---- documents
    "DOCUMENT_REFUSED": Entry("W", 0, "{document} was not written: under “{heading}” it holds {why}. See: {sentence}."),
    # ---- Word templates
    "TEMPLATE_BROKEN": Entry("W", 0, "We could not open the template '{template}', so we used the standard one. Please save it again in Word as .docx."),
    "TEMPLATE_MISTAKE": Entry("W", 0, "The template '{template}' has a mistake {where}: {reason}. We used the standard one; please correct it in Word."),
    "TEMPLATE_UNKNOWN": Entry("W", 0, "The template '{template}' asks for '{name}' {where}. {meant} We used the standard one."),
}


def problem(code: str, *, at: Answer | None = None, of: Question | None = None, sheet: str = "", cell: str = "", label: str = "", **facts: object) -> Problem:
    """A problem in words. `at` gives sheet and cell, `of` the question; other facts fill the wording."""
    entry = CATALOGUE[code]
    sheet, cell = (at.sheet, at.cell) if at else (sheet, cell)
    label = of.name if of else label
    message = entry.wording.format(sheet=sheet, cell=cell, label=label, **{k: shorten(v) for k, v in facts.items()})
    return Problem(code=code, level=entry.level, sheet=sheet, cell=cell, field=of.id if of else "", label=label, message=message)


def shorten(value: object, limit: int = 120) -> str:
    """A value as it may stand in a message: one line, not endless."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def count(n: int, noun: str, plural: str = "") -> str:
    """1 return, 2 returns."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
