"""Lists: search, filters, sorting, facets, paging and export, the same on every page.

Cost is bounded whatever the size of the register: a page reads its own rows and one more, counts
stop at CAP ("over 10,000"), and facets are counted among the first CAP matches, which they say.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse

CAP: Final = 10_000
PAGE: Final = 50
MAX_PAGE: Final = CAP // PAGE


@dataclass(frozen=True)
class Choice:
    """One way to narrow a list: a query parameter, its label, the column, names of its values."""

    parameter: str
    label: str
    column: str
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, value: Any) -> str:
        """What a person reads for a stored value."""
        return self.names.get(str(value), str(value))


@dataclass(frozen=True)
class Sort:
    """One order: its key in the address, its label and the columns."""

    key: str
    label: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column: heading, and how a cell is made from a row. ``where``: screen, export, or both."""

    heading: str
    value: Callable[[Any], Any]
    numeric: bool = False
    link: Callable[[Any], str] | None = None
    where: str = "both"


@dataclass(frozen=True)
class ListSpec:
    """What one list page offers."""

    title: str
    columns: tuple[Column, ...]
    sorts: tuple[Sort, ...]
    choices: tuple[Choice, ...] = ()
    search: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    file_name: str = "list"

    @property
    def screen(self) -> tuple[Column, ...]:
        """The columns a page shows."""
        return tuple(one for one in self.columns if one.where != "export")

    @property
    def exported(self) -> tuple[Column, ...]:
        """The columns an export holds: those of the page, and what a page has no room for."""
        return tuple(one for one in self.columns if one.where != "screen")


@dataclass
class FacetValue:
    """A value of a facet, how many of the counted matches have it, and where it leads."""

    label: str
    count: int
    chosen: bool
    href: str


@dataclass
class ListPage:
    """A list ready to be shown."""

    spec: ListSpec
    rows: list[Any]
    count: int
    capped: bool
    page: int
    last_page: int
    query: str
    sort: str
    facets: list[tuple[Choice, list[FacetValue]]]
    chosen: dict[str, str]
    address: Callable[..., str]

    @property
    def count_text(self) -> str:
        """``1,234`` or ``over 10,000``."""
        return f"over {CAP:,}" if self.capped else f"{self.count:,}"


def _narrowed(spec: ListSpec, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    query = request.GET.get("q", "")
    if spec.search is not None and query.strip():
        rows = spec.search(rows, query)
    for choice in spec.choices:
        value = request.GET.get(choice.parameter, "")
        if value:
            rows = rows.filter(**{choice.column: value})
    return rows


def _sorted(spec: ListSpec, rows: QuerySet[Any], request: HttpRequest) -> tuple[str, QuerySet[Any]]:
    wanted = request.GET.get("sort", "")
    sort = next((one for one in spec.sorts if one.key == wanted), spec.sorts[0])
    return sort.key, rows.order_by(*sort.columns)


def build(spec: ListSpec, rows: QuerySet[Any], request: HttpRequest) -> ListPage:
    """Read one page of ``rows`` as the address asks; unknown parameters mean nothing."""
    rows = _narrowed(spec, rows, request)
    key, ordered = _sorted(spec, rows, request)
    count = rows.order_by()[: CAP + 1].count()
    capped = count > CAP
    last = max(1, min(MAX_PAGE, -(-min(count, CAP) // PAGE)))
    asked = request.GET.get("page", "1")
    page = min(last, max(1, int(asked))) if asked.isdigit() else 1
    parameters = {k: v for k, v in request.GET.items() if v and k != "page"}

    def address(**changes: Any) -> str:
        merged = {**parameters, **changes}
        return "?" + urlencode({k: v for k, v in merged.items() if v not in ("", None)})

    facets = [(choice, _facet(choice, ordered, request, address)) for choice in spec.choices]
    return ListPage(
        spec=spec,
        rows=list(ordered[(page - 1) * PAGE : page * PAGE]),
        count=min(count, CAP),
        capped=capped,
        page=page,
        last_page=last,
        query=request.GET.get("q", ""),
        sort=key,
        facets=[(choice, values) for choice, values in facets if values],
        chosen={
            choice.label: choice.name(request.GET[choice.parameter])
            for choice in spec.choices
            if request.GET.get(choice.parameter)
        },
        address=address,
    )


def _facet(
    choice: Choice, rows: QuerySet[Any], request: HttpRequest, address: Callable[..., str]
) -> list[FacetValue]:
    chosen = request.GET.get(choice.parameter, "")
    first = rows.values("pk")[:CAP]
    model: type[Model] = rows.model
    counted = (
        model._default_manager.filter(pk__in=first)
        .values_list(choice.column)
        .annotate(n=Count("pk"))
        .order_by("-n", choice.column)[:12]
    )
    return [
        FacetValue(
            label=choice.name(value),
            count=n,
            chosen=str(value) == chosen,
            href=address(**{choice.parameter: "" if str(value) == chosen else value}),
        )
        for value, n in counted
        if value not in (None, "")
    ]


def defused(cell: Any) -> str:
    """A cell as text that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t", "\r") or _minus_formula(text) else text


def _minus_formula(text: str) -> bool:
    return text[:1] == "-" and not text[1:].replace(",", "").replace(".", "").isdigit()


class _Echo:
    def write(self, value: str) -> str:
        """Hand the line back in place of keeping it."""
        return value


def export(spec: ListSpec, rows: QuerySet[Any], request: HttpRequest) -> StreamingHttpResponse:
    """Exactly what is shown, all pages of it, as CSV, streamed in flat memory."""
    _, ordered = _sorted(spec, _narrowed(spec, rows, request), request)
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([column.heading for column in spec.exported])
        for row in ordered.iterator(chunk_size=2000):
            yield writer.writerow([defused(column.value(row)) for column in spec.exported])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{spec.file_name}.csv"'
    return response
