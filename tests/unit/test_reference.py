"""The catalogue: areas, indicators, dated assumptions, question banks, and the synthetic series that ship."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.errors import BadInput, UnknownArea, UnknownIndicator
from workbook.reference import Reference
from workbook.reference.areas import Area, AreaBook, Sighting, friendly_name, plain_name

DATA = Path(__file__).resolve().parent.parent / "fixtures" / "imports" / "data"


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home, data=DATA)


def test_an_area_is_found_by_code_and_by_ods_code_in_any_case(reference: Reference) -> None:
    assert reference.area("E54999902").name == "NHS Southvale ICB"
    assert reference.area("qzb").code == "E54999902"


def test_an_ods_code_shared_over_a_merger_means_the_area_that_still_stands(reference: Reference) -> None:
    assert reference.area("QZA").code == "E54999903"
    assert reference.area("E54999901").successors == ("E54999903",)


def test_an_unknown_area_is_answered_with_the_nearest(reference: Reference) -> None:
    with pytest.raises(UnknownArea, match=r"no area 'E5499990'.*E54999902 \(NHS Southvale ICB\)"):
        reference.area("E5499990")
    with pytest.raises(UnknownArea, match=r"Did you mean .*E06999901 \(Northmoor\)"):
        reference.area("Northmor")


def test_areas_are_filtered_by_kind_text_and_day(reference: Reference) -> None:
    assert [a.code for a in reference.areas("icb", on="2026-01-01")] == ["E54999901", "E54999902"]
    assert [a.code for a in reference.areas("icb", on="2026-11-22")] == ["E54999902", "E54999903"]
    assert [a.code for a in reference.areas(find="northmoor", kind="la")] == ["E06999901"]
    assert [a.code for a in reference.areas(kind="synthetic")] == ["SYN01", "SYN02"]


def test_peers_come_in_the_order_of_their_rank(reference: Reference) -> None:
    assert reference.peers("SYN01") == ("SYN02", "E54999902")
    assert reference.peers("E06999901") == ()


def test_an_indicator_reads_tuples_optional_numbers_and_blanks(reference: Reference) -> None:
    broken = reference.indicator("broken-series")
    assert broken.break_years == (2011, 2016)
    assert (broken.ambition, broken.period_years, broken.per) == (None, 3, 100)
    assert reference.indicator("treatable-mortality").ambition == 1


def test_an_indicator_is_found_by_name_and_an_unclear_name_is_refused(reference: Reference) -> None:
    assert reference.find_indicator("mortality treatable").id == "treatable-mortality"
    with pytest.raises(UnknownIndicator, match=r"indicators fit 'a'.*by its id"):
        reference.find_indicator("a")
    with pytest.raises(UnknownIndicator, match="treatable-mortality"):
        reference.indicator("treatable-mortalty")


def test_the_assumption_of_the_year_is_the_one_that_holds_then(reference: Reference) -> None:
    assert reference.assumption("price-uplift", 2024).value == 2.5
    assert reference.assumption("price-uplift", 2025).status == "confirmed"
    with pytest.raises(BadInput, match="for 2026.*2025 to 2025"):
        reference.assumption("price-uplift", 2026)
    with pytest.raises(BadInput, match="no assumption 'prize-uplift'"):
        reference.assumption("prize-uplift", 2025)


def test_a_framework_brings_its_items_in_order(reference: Reference) -> None:
    framework = reference.framework("CST-90")
    assert [i.id for i in framework.items] == ["CST-90.1", "CST-90.2"]
    assert framework.items[0].sub_aims == ("fair", "timely")
    assert [i.reverse for i in framework.items] == [False, True]
    assert [f.id for f in reference.frameworks("budget")] == ["CST-91"]
    with pytest.raises(BadInput, match="no framework 'CST-99'"):
        reference.framework("CST-99")


def test_a_series_is_persons_of_all_ages_without_breakdowns_in_order_of_years(reference: Reference) -> None:
    own = reference.series("demo-falls", area="SYN01")
    assert own["year"].tolist() == [2020, 2021]
    assert own["value"].tolist() == [13.5, 12.5]
    assert own["area_name"].unique().tolist() == ["Testmere (synthetic)"]
    assert own["note"].tolist() == ["first year", ""]
    assert reference.series("demo-falls", area="SYN01", sex="Female")["value"].tolist() == [14.5]


def test_a_series_is_chosen_by_areas_and_by_kind(reference: Reference) -> None:
    assert set(reference.series("demo-falls", areas=["SYN02"])["area"]) == {"SYN02"}
    assert set(reference.series("demo-falls", kind="synthetic")["area"]) == {"SYN01", "SYN02"}
    assert reference.series("demo-falls", kind="icb").empty


def test_a_breakdown_holds_the_categories_only(reference: Reference) -> None:
    parts = reference.breakdown("demo-falls", "SYN01")
    assert parts[["category", "value"]].values.tolist() == [["Most deprived", 18.0]]


def test_what_has_no_figures_is_an_empty_frame_with_its_columns(reference: Reference) -> None:
    assert list(reference.series("treatable-mortality", area="SYN01").columns)[:4] == [
        "area",
        "area_name",
        "period",
        "year",
    ]
    assert reference.series("treatable-mortality").empty
    assert reference.population("E06999901").empty
    assert reference.need_index("E06999901").empty
    assert reference.available("E06999901") == []
    assert reference.imports() == []


def test_changing_a_frame_changes_nothing_for_the_next_reader(reference: Reference) -> None:
    frame = reference.series("demo-falls", area="SYN01")
    frame.loc[:, "value"] = 0.0
    assert reference.series("demo-falls", area="SYN01")["value"].tolist() == [13.5, 12.5]


def test_shipped_population_and_need_are_given_by_area(reference: Reference) -> None:
    assert reference.population("SYN01")["population"].tolist() == [210, 220]
    assert reference.need_index("QZB")["index"].tolist() == [0.97]
    assert reference.places()["printed"].tolist() == ["157,204"]
    assert reference.segments()["spend_per_head"].tolist() == [550]


def test_sources_name_the_catalogues_source_and_each_indicator_once(reference: Reference) -> None:
    assert reference.sources(["treatable-mortality", "treatable-mortality"]) == [
        {
            "name": "Mortality treatable by health care",
            "source": "Test catalogue",
            "licence": "Test licence",
            "vintage": "1990 to 1991",
        }
    ]


def test_a_reference_travels_to_another_process(reference: Reference) -> None:
    copy = pickle.loads(pickle.dumps(reference))
    assert copy.area("SYN01") == reference.area("SYN01")
    assert (copy.home, copy.data) == (reference.home, reference.data)


def test_listing_areas_needs_no_pandas(home: Path) -> None:
    code = (
        "import sys; from workbook.reference import Reference;"
        f"assert Reference.open({str(home)!r}, {str(DATA)!r}).areas('icb');"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_faulty_shipped_cell_is_said_with_file_row_and_column(tmp_path: Path, home: Path) -> None:
    (tmp_path / "assumptions.csv").write_text("id,label,value,from_year\na,A,1,2020\nb,B,much,2020\n")
    with pytest.raises(BadInput, match="assumptions.csv, row 3: column value holds 'much'"):
        Reference.open(home, data=tmp_path).assumptions()


# --- names and codes of areas ---------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind", "friendly"),
    [
        ("SOUTH TYNESIDE", "ccg", "South Tyneside"),
        ("NHS Barking And Dagenham CCG", "ccg", "Barking and Dagenham"),
        ("HARTLEPOOL AND STOCKTON ON TEES", "ccg", "Hartlepool and Stockton on Tees"),
        ("FYLDE & WYRE", "ccg", "Fylde and Wyre"),
        ("NHS North West London Integrated Care Board - QRV", "icb", "NHS North West London ICB"),
        ("Isles of Scilly", "la", "Isles of Scilly"),
    ],
)
def test_names_are_written_as_readers_write_them(given: str, kind: str, friendly: str) -> None:
    assert friendly_name(given, kind) == friendly


def test_names_that_differ_in_dress_only_are_the_same() -> None:
    assert plain_name("NHS Telford & Wrekin CCG") == plain_name("TELFORD AND WREKIN")
    assert plain_name("NHS Dartford, Gravesham and Swanley CCG") == plain_name(
        "DARTFORD GRAVESHAM AND SWANLEY"
    )
    assert plain_name("NORTH TYNESIDE") != plain_name("SOUTH TYNESIDE")


SIGHTINGS = (
    Sighting("ccg", code="E38999901", name="NORTHMOOR"),
    Sighting("ccg", ods="99A", name="Northmoor"),
    Sighting("ccg", name="NHS Northmoor CCG"),
)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2), (2, 0, 1), (0, 2, 1)])
def test_three_files_that_each_know_a_part_end_at_one_area(order: tuple[int, ...]) -> None:
    book = AreaBook([])
    for i in order:
        book.meet(SIGHTINGS[i])
    assert [(a.code, a.ods, a.name) for a in book.areas.values()] == [("E38999901", "99A", "Northmoor")]
    assert book.find("99A") == book.find("E38999901") == book.named("NORTHMOOR", "ccg")


def test_an_older_code_of_a_board_does_not_take_the_place_of_the_shipped_one() -> None:
    shipped = Area("E54999905", "NHS Fenland ICB", "icb", ods="QZC", valid_from="2023-04-01")
    book = AreaBook([shipped])
    book.meet(Sighting("icb", code="E54999904", ods="QZC", name="NHS Fenland Integrated Care Board - QZC"))
    assert book.meet(Sighting("icb", ods="QZC", name="NHS Fenland ICB")) == "E54999905"
    assert book.find("QZC") == shipped


def test_two_areas_of_one_name_with_other_codes_stay_two() -> None:
    book = AreaBook([])
    book.meet(Sighting("ccg", code="E38999901", name="Northmoor"))
    book.meet(Sighting("ccg", code="E38999909", name="Northmoor"))
    book.meet(Sighting("la", code="E06999901", name="Northmoor"))
    assert sorted(book.areas) == ["E06999901", "E38999901", "E38999909"]
