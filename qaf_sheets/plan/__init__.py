"""The QA unit's plan: `QA plan.xlsx` ↔ records, what is wrong with it, and who owes what by when."""
