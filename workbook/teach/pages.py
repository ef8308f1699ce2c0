"""The pages of a lesson: for the learner, for the trainer, and the list of lessons.

Plain HTML with plain forms: no script, nothing fetched. The learner's page
holds a result only once its answer is among ``answers``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from workbook.blocks import Figure
from workbook.render import html
from workbook.teach.lessons import Choice, Lesson, Question, Task, in_range, is_right
from workbook.words import plural

SYNTHETIC = "Synthetic figures: this area is made up, and its figures describe no real place."
_KEPT = "Your first answer stands: it was committed before the result was shown."
_SPOKEN = {True: "Right.", False: "Not quite.", None: ""}


@dataclass(frozen=True)
class Refusal:
    """Why an answer was not taken, with what was typed, so that nothing is lost."""

    step: str
    problem: str
    typed: str = ""


def style() -> str:
    """The style sheet of all pages: that of the blocks and documents, and the few rules of a lesson."""
    return html.style("blocks") + html.style("page") + html.style("lesson")


def listing(lessons: Sequence[Lesson]) -> str:
    """The page that offers the lessons."""
    items = "".join(
        f'<li><a href="/{_esc(lesson.id)}">{_esc(lesson.title)}</a> ({plural(lesson.minutes, "minute")})'
        f"<br>{_esc(lesson.aim)}</li>"
        for lesson in lessons
    )
    return _page("Lessons", f"<h1>Lessons</h1><ul>{items}</ul>")


def learner(
    lesson: Lesson,
    figures: Mapping[str, Figure],
    answers: Mapping[str, str],
    *,
    synthetic: bool,
    token: str,
    refusal: Refusal | None = None,
) -> str:
    """The learner's page: every step up to the first that is not answered yet.

    ``lesson`` with its placeholders filled. ``token`` goes into each form and
    comes back with it, so that no other site can answer in the learner's name.
    """
    shown = reached(lesson, answers)
    parts = [_aim(lesson)]
    if refusal:
        parts.insert(0, _summary(refusal))
    for number, task in enumerate(shown, 1):
        parts.append(_task(lesson, task, number, figures, answers, token, refusal))
    if len(shown) == len(lesson.steps) and _done(shown[-1], answers):
        parts.append(_end(lesson, answers, token))
    else:
        parts.append(f'<p class="wb-next">{_ahead(len(lesson.steps) - len(shown))}</p>')
    trouble = "Error: " if refusal else ""
    title = f"{trouble}{lesson.title} ({len(shown)} of {len(lesson.steps)})"
    return _page(title, "\n".join(parts), synthetic=synthetic)


def trainer(
    lesson: Lesson,
    figures: Mapping[str, Figure],
    answers: Mapping[str, str],
    *,
    synthetic: bool,
    earlier: int = 0,
) -> str:
    """The trainer's page: timing, every answer and result, notes, discussion."""
    parts = [
        f"<h1>Trainer's page: {_esc(lesson.title)}</h1>",
        "<p>This page holds every answer. Keep it off the screen that learners see.</p>",
        _timing(lesson),
        _section("Before you start", lesson.trainer),
    ]
    parts += [_key(task, number, figures, answers) for number, task in enumerate(lesson.steps, 1)]
    parts.append(_section("Discussion", lesson.discussion))
    if earlier:
        parts.append(f"<p>Put aside on this machine: {plural(earlier, 'earlier attempt')}.</p>")
    return _page(f"Trainer's page: {lesson.title}", "\n".join(parts), synthetic=synthetic)


def message(title: str, words: str) -> str:
    """A page that says one thing: an address that does not exist, a fault."""
    return _page(title, f'<h1>{_esc(title)}</h1><p>{_esc(words)}</p><p><a href="/">All lessons</a></p>')


# --- the learner's parts ----------------------------------------------------------


def reached(lesson: Lesson, answers: Mapping[str, str]) -> tuple[Task, ...]:
    """The steps up to and with the first whose answer is still owed."""
    for place, task in enumerate(lesson.steps, 1):
        if not _done(task, answers):
            return lesson.steps[:place]
    return lesson.steps


def _done(task: Task, answers: Mapping[str, str]) -> bool:
    return task.question is None or task.id in answers


def _aim(lesson: Lesson) -> str:
    return (
        f"<h1>{_esc(lesson.title)}</h1>"
        f'<p class="wb-lead">{_esc(lesson.aim)}</p>'
        f"<p>For {_esc(lesson.audience)}. About {plural(lesson.minutes, 'minute')}. "
        "Each result is shown once you have committed to an answer, and then the answer stands.</p>"
    )


def _task(
    lesson: Lesson,
    task: Task,
    number: int,
    figures: Mapping[str, Figure],
    answers: Mapping[str, str],
    token: str,
    refusal: Refusal | None,
) -> str:
    body = _paragraphs(task.words) + _figure(task.figure, figures, f"s{number}")
    mine = refusal if refusal and refusal.step == task.id else None
    if task.question and task.id in answers:
        body += _verdict(task, answers[task.id], mine) + _result(task, figures, number)
    elif task.question:
        body += _form(lesson.id, task.id, task.question, token, mine)
    else:
        body += _result(task, figures, number)
    head = f"Step {number} of {len(lesson.steps)}: {task.title}"
    return (
        f'<section class="wb-task" aria-labelledby="{task.id}">'
        f'<h2 id="{task.id}" tabindex="-1">{_esc(head)}</h2>{body}</section>'
    )


def _form(lesson: str, step: str, question: Question, token: str, refusal: Refusal | None) -> str:
    name = f"answer-{step}"
    error = f'<p class="wb-error" id="{name}-error">{_esc(refusal.problem)}</p>' if refusal else ""
    hint = f'<p class="wb-hint" id="{name}-hint">{_esc(question.help)}</p>' if question.help else ""
    described = " ".join(([f"{name}-hint"] if hint else []) + ([f"{name}-error"] if error else []))
    about = f' aria-describedby="{described}"' if described else ""
    if refusal and question.kind != "choice":  # a group of radio buttons has no such state
        about += ' aria-invalid="true"'
    field = _field(name, question, about, hint + error, refusal.typed if refusal else "")
    return (
        f'<form method="post" action="/{_esc(lesson)}/answer" autocomplete="off">'
        f'<input type="hidden" name="token" value="{_esc(token)}">'
        f'<input type="hidden" name="step" value="{_esc(step)}">{field}'
        '<p><button type="submit">Commit this answer</button></p></form>'
    )


def _field(name: str, question: Question, about: str, notes: str, typed: str) -> str:
    """The control with its label, hint and error."""
    if question.kind == "choice":
        return _radios(name, question, about, notes, typed)
    label = f'<label for="{name}">{_esc(question.prompt)}</label>{notes}'
    if question.kind == "text":
        area = f'<textarea id="{name}" name="answer" rows="4"{about}>{_esc(typed)}</textarea>'
        return f'<div class="wb-field">{label}{area}</div>'
    unit = f" <span>{_esc(question.unit)}</span>" if question.unit else ""
    field = f'<input id="{name}" name="answer" type="text" inputmode="decimal" value="{_esc(typed)}"{about}>'
    return f'<div class="wb-field">{label}{field}{unit}</div>'


def _radios(name: str, question: Question, about: str, notes: str, typed: str) -> str:
    options = "".join(
        _option(f"{name}-{i}" if i else name, choice, choice.value == typed)
        for i, choice in enumerate(question.choices)
    )
    return f"<fieldset{about}><legend>{_esc(question.prompt)}</legend>{notes}{options}</fieldset>"


def _option(id: str, choice: Choice, chosen: bool) -> str:
    """One radio button; the first carries the name the error summary links to."""
    on = " checked" if chosen else ""
    return (
        f'<div class="wb-option">'
        f'<input type="radio" name="answer" id="{id}" value="{_esc(choice.value)}"{on}>'
        f'<label for="{id}">{_esc(choice.label)}</label></div>'
    )


def _verdict(task: Task, answer: str, refusal: Refusal | None) -> str:
    assert task.question
    note = f'<p class="wb-error">{_esc(refusal.problem)}</p>' if refusal else ""
    return (
        f'<div class="wb-answer"><p><strong>{_esc(task.question.prompt)}</strong></p>'
        f"<p>Your answer: {_esc(_as_said(task.question, answer))}</p>{note}"
        f'<p class="wb-feedback">{_esc(_feedback(task.question, answer))}</p></div>'
    )


def _feedback(question: Question, answer: str) -> str:
    right = is_right(question, answer)
    chosen = next((c.feedback for c in question.choices if c.value == answer), "")
    more = "" if right is None else question.right if right else question.wrong
    within = {True: question.inside, False: question.outside, None: ""}[in_range(question, answer)]
    return " ".join(part for part in (_SPOKEN[right], chosen, more, within) if part)


def _as_said(question: Question, answer: str) -> str:
    """An answer as a reader knows it: the label of a choice, a number with its unit."""
    label = next((choice.label for choice in question.choices if choice.value == answer), answer)
    return f"{label} {question.unit}".strip() if question.kind == "number" else label


def _result(task: Task, figures: Mapping[str, Figure], number: int) -> str:
    if not task.result and not task.result_figure:
        return ""
    body = _paragraphs(task.result) + _figure(task.result_figure, figures, f"r{number}")
    return f'<div class="wb-result"><h3>What the figures say</h3>{body}</div>'


def _end(lesson: Lesson, answers: Mapping[str, str], token: str) -> str:
    scored = [t for t in lesson.steps if t.question and t.question.answer]
    right = sum(bool(is_right(t.question, answers[t.id])) for t in scored if t.question)
    judged = plural(len(scored), "question")
    score = f"<p>You had {right} right of {judged} that can be judged.</p>" if scored else ""
    again = (
        f'<form method="post" action="/{_esc(lesson.id)}/again">'
        f'<input type="hidden" name="token" value="{_esc(token)}">'
        '<p><button type="submit">Start this lesson again</button></p>'
        '<p class="wb-hint">Your answers are put aside, not deleted.</p></form>'
    )
    talk = f'<h2 id="end">To discuss</h2>{_list(lesson.discussion)}'
    return f'<section aria-labelledby="end">{talk}{score}{again}</section>'


def _ahead(left: int) -> str:
    return f"{plural(left, 'step')} still to come." if left else "This is the last step."


def _summary(refusal: Refusal) -> str:
    """The error on top, with the way to the field; it says the same as the words beside it."""
    target = f"answer-{refusal.step}" if refusal.problem != _KEPT else refusal.step
    return (
        '<div class="wb-summary" role="alert" tabindex="-1" autofocus><h2>There is a problem</h2>'
        f'<p><a href="#{_esc(target)}">{_esc(refusal.problem)}</a></p></div>'
    )


def kept(step: str) -> Refusal:
    """The refusal of a second answer to the same step."""
    return Refusal(step, _KEPT)


# --- the trainer's parts -----------------------------------------------------------


def _timing(lesson: Lesson) -> str:
    rows = "".join(
        f'<tr><th scope="row">{i}. {_esc(task.title)}</th><td>{plural(task.minutes, "minute")}</td></tr>'
        for i, task in enumerate(lesson.steps, 1)
    )
    left = lesson.minutes - sum(task.minutes for task in lesson.steps)
    rows += f'<tr><th scope="row">Discussion</th><td>{plural(max(left, 0), "minute")}</td></tr>'
    head = '<thead><tr><th scope="col">Step</th><th scope="col">Time</th></tr></thead>'
    caption = f"<caption>Timing, {plural(lesson.minutes, 'minute')} in all</caption>"
    return f"<table>{caption}{head}<tbody>{rows}</tbody></table>"


def _key(task: Task, number: int, figures: Mapping[str, Figure], answers: Mapping[str, str]) -> str:
    body = _paragraphs(task.words) + _figure(task.figure, figures, f"s{number}")
    if question := task.question:
        right = _as_said(question, question.answer) if question.answer else "No single right answer."
        margin = f", give or take {question.tolerance:g}" if question.tolerance else ""
        body += f"<p><strong>{_esc(question.prompt)}</strong></p><p>Right answer: {_esc(right + margin)}</p>"
        if question.low:
            body += f"<p>Range: {_esc(question.low)} to {_esc(_as_said(question, question.high))}</p>"
        body += _list([f"{c.label}: {c.feedback}" for c in question.choices if c.feedback])
        if task.id in answers:
            body += f"<p>Committed on this machine: {_esc(_as_said(question, answers[task.id]))}</p>"
    body += _result(task, figures, number) + _section("Notes", task.notes, level=3)
    head = f'<h2 id="{task.id}">{number}. {_esc(task.title)}</h2>'
    return f'<section aria-labelledby="{task.id}">{head}{body}</section>'


def _section(title: str, texts: Sequence[str], level: int = 2) -> str:
    return f"<h{level}>{_esc(title)}</h{level}>{_list(texts)}" if texts else ""


# --- common parts ------------------------------------------------------------------


def _page(title: str, body: str, *, synthetic: bool = False) -> str:
    banner = f'<div class="wb-synthetic"><p>{SYNTHETIC}</p></div>' if synthetic else ""
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_esc(title)} - commissioning workbook</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a class="wb-skip" href="#main">Skip to the lesson</a>
<header>{banner}<p class="wb-area"><a href="/">Lessons of the commissioning workbook</a></p></header>
<main id="main" class="wb-body" tabindex="-1">
{body}
</main>
</body>
</html>
"""


def _figure(name: str, figures: Mapping[str, Figure], uid: str) -> str:
    return html.fragment(figures[name], uid) if name else ""


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{_esc(text)}</p>" for text in texts)


def _list(texts: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{_esc(text)}</li>' for text in texts)}</ul>" if texts else ""


def _esc(text: object) -> str:
    return escape(str(text))


def address(lesson: str = "", key: str = "") -> str:
    """The path of a lesson's page; with ``key``, that of the trainer's."""
    return f"/{quote(lesson)}/trainer?key={quote(key)}" if key else f"/{quote(lesson)}"
