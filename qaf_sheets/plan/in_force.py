"""The rules as the settings leave them: one place of truth where the framework contradicts itself (specification 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from qaf_sheets.model import Plan, Quarter, Rule
from qaf_sheets.plan.settings import BY_NAME

LINE_MANAGER, SUPERVISORS = "line manager", "supervisors"
"""Words that stand where a role may: who owes a pair; everyone who has somebody to supervise."""
OFF = "off"
Governs = Callable[[Plan, Rule, str], Rule]


def in_force(plan: Plan) -> tuple[Rule, ...]:
    """The rules that are on, each as its setting leaves it, with the settings that list roles spelt out."""
    return tuple(r for r in (as_set(plan, rule) for rule in plan.rules) if r.on)


def active(plan: Plan, quarter: Quarter) -> tuple[Rule, ...]:
    """The rules in force on at least one day of a quarter."""
    return tuple(r for r in in_force(plan) if (r.active_from or quarter.starts) <= quarter.ends and (r.active_to or quarter.ends) >= quarter.starts)


def as_set(plan: Plan, rule: Rule) -> Rule:
    """One rule as its setting leaves it. A setting may switch it off, or say for whom and how often it counts; none switches on what the row has off."""
    spelt = rule.model_copy(update={"who": spelt_out(plan, rule.who), "about": spelt_out(plan, rule.about)})
    governs = GOVERNS.get(rule.setting)
    return governs(plan, spelt, plan.setting(rule.setting)) if governs else spelt


def spelt_out(plan: Plan, words: Iterable[str]) -> tuple[str, ...]:
    """Role codes, with each name of a setting that lists roles replaced by its roles."""
    return tuple(dict.fromkeys(_spelt_out(plan, words, frozenset())))


def _spelt_out(plan: Plan, words: Iterable[str], inside: frozenset[str]) -> Iterator[str]:
    for word in words:
        if word in ROLE_SETTINGS:
            yield from _spelt_out(plan, listed(plan.setting(word)), inside | {word}) if word not in inside else ()
        else:
            yield word


def listed(value: str) -> tuple[str, ...]:
    """The words of a setting that lists roles."""
    return tuple(w.strip() for w in value.replace(";", ",").split(",") if w.strip())


def is_share(rule: Rule, rules: Iterable[Rule]) -> bool:
    """Whether a rule only says how much of a shared duty each person gets (R14 beside R13): then it is met by being dealt that much."""
    return rule.unit == "person" and any(r.unit == "authority" and r.per == rule.per and r.activity == rule.activity for r in rules)


def is_minimum(rule: Rule) -> bool:
    """Whether a rule asks a number of the whole authority that others' duties add up to (R12): the master's checks count it, nobody owes it."""
    return rule.unit == "authority" and rule.per == "year"


def _switch(plan: Plan, rule: Rule, value: str) -> Rule:
    return rule.model_copy(update={"on": rule.on and value != OFF})


def _senior_thematic(plan: Plan, rule: Rule, value: str) -> Rule:
    """Off; a short sign-off of their own; or children like everybody else's."""
    return rule.model_copy(update={"on": rule.on and value != OFF, "activity": "THEM" if value == "full" else rule.activity})


def _narrowed(plan: Plan, rule: Rule, value: str) -> Rule:
    """Only those of the rule's roles that the setting lists; off when it lists none of them."""
    who = tuple(w for w in rule.who if w in spelt_out(plan, listed(value)))
    return rule.model_copy(update={"who": who, "on": rule.on and bool(who)})


def _appendix(plan: Plan, rule: Rule, value: str) -> Rule:
    """Both appendices' summaries, or one of them alone."""
    dropped = {"Appendix 1 only": "ROUT", "Appendix 2 only": "SERV"}.get(value)
    return rule.model_copy(update={"on": rule.on and rule.activity != dropped})


def _times_a_year(plan: Plan, rule: Rule, value: str) -> Rule:
    return rule.model_copy(update={"count": 1, "per": {"1": "year", "2": "half", "4": "quarter"}[value]})


def _count(plan: Plan, rule: Rule, value: str) -> Rule:
    return rule.model_copy(update={"count": int(value), "on": rule.on and int(value) > 0})


def _unit(plan: Plan, rule: Rule, value: str) -> Rule:
    return rule.model_copy(update={"unit": value})


GOVERNS: Mapping[str, Governs] = {
    "ad_routine": _switch, "hos_thematic": _switch, "senior_thematic": _senior_thematic, "dip_roles": _narrowed, "appendix_refs": _appendix,
    "dcs_observations_per_year": _times_a_year, "sup_sample": _count, "psw_observations": _count, "asye_dips_unit": _unit,
}  # fmt: skip
"""What each setting does to a rule that names it under "Set by"."""
ROLE_SETTINGS = frozenset(name for name, d in BY_NAME.items() if d.kind == "roles")
