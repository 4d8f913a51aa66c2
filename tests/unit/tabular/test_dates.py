import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nameplate.tabular.dates import DateOrder, is_month_only, needs_order, order_of, read_date

MONTH_FIRST = DateOrder(False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/04/2017", "2017-04-05"),
        ("5.4.17", "2017-04-05"),
        ("05-04-2017 00:00", "2017-04-05"),
        ("5-Apr-17", "2017-04-05"),
        ("05 April 2017", "2017-04-05"),
        ("5th April 2017", "2017-04-05"),
        ("Wednesday, 5 April 2017", "2017-04-05"),
        ("April 5, 2017", "2017-04-05"),
        ("2017-04-05", "2017-04-05"),
        ("2017-04-05 00:00:00", "2017-04-05"),
        ("2017-04-05T10:30:00Z", "2017-04-05"),
        ("2017/4/5", "2017-04-05"),
        ("20170405", "2017-04-05"),
        ("42830", "2017-04-05"),
        ("42830.0", "2017-04-05"),
        ("Apr-17", "2017-04-01"),
        ("April 2017", "2017-04-01"),
        ("2017-04", "2017-04-01"),
        ("July 2010-September 2010", "2010-07-01"),
        ("04/25/2017", "2017-04-25"),
        ("05/04/2017 1:30 PM", "2017-04-05"),
        ("01/01/70", "1970-01-01"),
    ],
)
def test_reads_dates_in_every_form(text: str, expected: str) -> None:
    assert read_date(text) == datetime.date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    ["", "n/a", "31/02/2017", "12", "1234", "13/13/2017", "9999-01-01", "20171332", "FOO 2017"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


def test_the_column_settles_day_and_month() -> None:
    assert order_of(["01/02/2020", "25/02/2020"]).day_first
    assert not order_of(["01/02/2020", "02/25/2020"]).day_first
    assert order_of(["01/02/2020"]) == DateOrder()
    assert read_date("03/04/2020", MONTH_FIRST) == datetime.date(2020, 3, 4)
    assert read_date("25/04/2020", MONTH_FIRST) == datetime.date(2020, 4, 25)


def test_the_files_name_settles_what_the_column_leaves_open() -> None:
    assert order_of(["04/05/2017", "04/06/2017"], file_name="spend/2017-04.csv").day_first is False
    assert order_of(["05/04/2017", "06/04/2017"], file_name="spend/201704.csv").day_first is True


def test_a_monthly_file_keeps_within_its_month() -> None:
    order = order_of([f"04/{day:02}/2017" for day in range(1, 12)])
    assert (order.day_first, order.why) == (False, "fewer months in the file")


def test_says_what_is_open_and_what_is_no_day() -> None:
    assert needs_order("03/04/2020")
    assert not needs_order("04/04/2020")
    assert not needs_order("2020-03-04")
    assert is_month_only("Apr-17")
    assert not is_month_only("05/04/2017")


@given(
    st.dates(datetime.date(1970, 1, 1), datetime.date(2069, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d/%m/%y", "%d-%b-%y", "%d %B %Y", "%Y-%m-%d", "%Y%m%d",
                     "%Y-%m-%d %H:%M:%S", "%d.%m.%Y", "%b %d, %Y"]),
)  # fmt: skip
def test_every_written_form_reads_back(day: datetime.date, form: str) -> None:
    assert read_date(datetime.datetime.combine(day, datetime.time()).strftime(form)) == day
