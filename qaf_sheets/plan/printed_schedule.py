"""Appendices 7 and 8 as they print 2022-23, put right where they contradict themselves (specification 3.3 no. 11 and 12): the year of Q4's dates, what is reported."""

from __future__ import annotations

from datetime import date

from qaf_sheets.model import Event, Quarter

DIP_WHO, THEM_WHO, REPORT_WHO = "HOS, TM, PSW, IND_AUD", "TM, AP, IND_AUD", "PSW, AD"
SUP_WHO, CCR_WHO = "AD, HOS, TM, PSW, AP", "HOS, PSW, AP"
BY_MANAGERS = "Managed by Heads of Service and team managers; report at the end of the quarter."
BY_SENIORS = "Managed by Heads of Service and Assistant Directors; report at the end of the quarter."
OBSERVED, NO_DATE = "Including observation.", "To be confirmed"
Q3, Q4 = Quarter(year=2022, number=3), Quarter(year=2022, number=4)

PRINTED = (
    Event(quarter=Q3, month="October", activity="DIP", who="HOS, TM, IND_AUD", week_beginning=date(2022, 10, 10), booking_date=date(2022, 10, 11), theme="Networks and contingency planning"),
    Event(quarter=Q3, month="October", activity="SUP", who=SUP_WHO, note=BY_MANAGERS),
    Event(quarter=Q3, month="October", activity="REPORT", who=REPORT_WHO, dlt_date=date(2022, 10, 19), learning_event=NO_DATE, note="Report on Q2 2022-23; learning from Q1 2022-23."),
    Event(quarter=Q3, month="November", activity="THEM", who=THEM_WHO, week_beginning=date(2022, 11, 7), booking_date=date(2022, 11, 8), theme="Quality of visits / voice of the child"),
    Event(quarter=Q3, month="November", activity="SUP", who="AD, HOS, TM, PSW", note=BY_MANAGERS),
    Event(quarter=Q3, month="December", activity="CCR", who=CCR_WHO, week_beginning=date(2022, 12, 5), note=OBSERVED),
    Event(quarter=Q3, month="December", activity="ROUT", who="HOS, AD", note=BY_SENIORS),
    Event(quarter=Q4, month="January", activity="DIP", who="HOS, TM, IND_AUD", week_beginning=date(2023, 1, 16)),
    Event(quarter=Q4, month="January", activity="SUP", who=SUP_WHO, note=BY_MANAGERS),
    Event(quarter=Q4, month="January", activity="REPORT", who=REPORT_WHO, pre_dlt_date=date(2023, 1, 9), dlt_date=date(2023, 1, 25), learning_event=NO_DATE, note="Report on Q3 2022-23; learning from Q2 2022-23."),
    Event(quarter=Q4, month="February", activity="THEM", who=THEM_WHO, week_beginning=date(2023, 2, 20), theme="Danger/worry statements and safety/success goals"),
    Event(quarter=Q4, month="February", activity="SUP", who="AD, HOS, TM, PSW", note=BY_MANAGERS),
    Event(quarter=Q4, month="March", activity="CCR", who=CCR_WHO, week_beginning=date(2023, 3, 20), note=OBSERVED),
    Event(quarter=Q4, month="March", activity="ROUT", who="HOS, AD", note=BY_SENIORS),
)  # fmt: skip
"""Line by line; what is blank is not printed there."""
