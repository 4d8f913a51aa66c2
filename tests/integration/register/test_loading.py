"""What a trace wrote comes into the register once, adds up exactly, and can be undone whole."""

from decimal import Decimal
from typing import Any

import pytest

from nameplate.register import exposures, jobs, loading, search
from nameplate.register.models import Exposure, Import, Organisation, Purchase, SetAside

pytestmark = pytest.mark.django_db


def nothing(step: str, done: int, total: int | None) -> None:
    """No progress is shown."""


def load(folder: Any, owner: Organisation) -> Import:
    job = Import.objects.create(owner=owner, title="test", state=Import.State.RUNNING)
    job.counts = loading.load_folder(job, folder.write(), nothing)
    job.state = Import.State.DONE
    job.save()
    return job


def total(owner: Organisation, maker: str) -> dict[str, Decimal | None]:
    return {one.grade: one.amount for one in Exposure.objects.filter(owner=owner, maker_key=maker)}


def test_sums_are_exact_and_across_makers_a_purchase_counts_once(
    folder: Any, dudley: Organisation
) -> None:
    for number in range(3):
        folder.add(str(number), ("Hikvision", "named"), amount=Decimal("0.10"))
    folder.add("both", ("Hikvision", "named"), ("Dahua", "stated"), amount=Decimal("5"))
    folder.add("open", ("", "open"), amount=Decimal("7"))
    folder.add("ceiling", ("Hikvision", "named"), amount=Decimal("1000000"), is_framework=True)
    load(folder, dudley)
    assert total(dudley, "hikvision") == {"named": Decimal("5.30")}
    assert total(dudley, exposures.EVERY_MAKER) == {
        "named": Decimal("0.30"),
        "stated": Decimal("5.00"),
        "open": Decimal("7.00"),
    }


def test_the_same_again_changes_nothing(folder: Any, dudley: Organisation) -> None:
    folder.add("1", ("Hikvision", "named"))
    load(folder, dudley)
    before = total(dudley, "hikvision")
    second = load(folder, dudley)
    assert second.counts["purchases"] == 0
    assert second.counts["purchases_known"] == 1
    assert Purchase.objects.count() == 1
    assert total(dudley, "hikvision") == before


def test_an_undone_import_counts_no_more_unless_another_brought_it(
    folder: Any, dudley: Organisation
) -> None:
    folder.add("1", ("Hikvision", "named"))
    first, second = load(folder, dudley), load(folder, dudley)
    for job, alive in ((first, True), (second, False)):
        jobs.ask_undo(job, by=None, reason="brought in by mistake")
        assert jobs.run_one("w")
        job.refresh_from_db()
        assert job.state == Import.State.UNDONE
        assert Purchase.objects.get().live is alive
    assert total(dudley, "hikvision") == {}


def test_what_was_set_aside_is_listed(folder: Any, dudley: Organisation) -> None:
    folder.add("1", ("Hikvision", "named"))
    job = load(folder, dudley)
    assert [one.locator for one in SetAside.objects.filter(brought_by=job)] == ["line:3"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cctv", 1),
        ("CCTV dudley", 1),
        ("camer", 1),
        ("lamps", 0),
        ('") OR 1=1 --', 0),
        ("***", 0),
        ("", 1),
    ],
)
def test_search_takes_words_and_nothing_else(
    folder: Any, dudley: Organisation, query: str, found: int
) -> None:
    folder.add("1", ("Hikvision", "named"))
    load(folder, dudley)
    assert search.narrow(Purchase.objects.all(), query).count() == found


def test_a_folder_without_its_run_record_is_refused(folder: Any, dudley: Organisation) -> None:
    folder.add("1")
    path = folder.write()
    (path / "run.json").unlink()
    with pytest.raises(Exception, match=r"there is no run\.json"):
        loading.read_run(path)
