"""The table of variants as people read it."""

from hostile import VARIANTS

print("| variant | how it is made | outcome | code |\n|---|---|---|---|")
for v in VARIANTS:
    print(f"| {v.name} | {v.how} | {v.outcome} | {v.code} |")
