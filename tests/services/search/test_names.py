"""Sixty French names, all invented, and how people type them: found, or rightly not."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casework.services.search.names import MAX_QUERY, Matcher, Rank, fold, match, one_slip, order
from casework.services.search.sounds import opening, sound

EXACT, PREFIX, SOUND, SLIP = Rank

PAIRS = [
    # Case, accents, hyphens, apostrophes of both kinds, ligatures.
    ("LEFEVRE", "Anaïs", "Lefèvre", EXACT),
    ("benoit chateauneuf", "Benoît", "Châteauneuf", EXACT),
    ("gaelle", "Gaëlle", "Kerouédan", EXACT),
    ("jean pierre", "Jean-Pierre", "Valmorin", EXACT),
    ("jeanpierre valmorin", "Jean-Pierre", "Valmorin", EXACT),
    ("d'ollières", "Élie", "d’Ollières", EXACT),
    ("dollieres", "Élie", "d’Ollières", EXACT),
    ("ollieres", "Élie", "d'Ollières", EXACT),
    ("lebœuf", "Rémi", "Leboeuf", EXACT),
    ("leboeuf", "Rémi", "Lebœuf", EXACT),
    ("aemilia", "Æmilia", "Brandel", EXACT),
    ("francois", "François", "Gaspardin", EXACT),
    ("ndiaye", "Awa", "N’Diaye", EXACT),
    ("N'Diaye", "Awa", "Ndiaye", EXACT),
    # Particles, left out, added, written together or apart.
    ("le fevre", "Anaïs", "Lefèvre", EXACT),
    ("LeFevre", "Anaïs", "Le Fèvre", EXACT),
    ("fevre", "Anaïs", "Le Fèvre", EXACT),
    ("villiers", "Maud", "de Villiers", EXACT),
    ("de villiers", "Maud", "Villiers", EXACT),
    ("delatour", "Axel", "de La Tour", EXACT),
    ("la tour", "Axel", "Delatour", None),  # without « de » nobody can know that Delatour is « de la Tour »
    ("de la tour", "Axel", "Delatour", EXACT),
    ("benali", "Sofiane", "Ben Ali", EXACT),
    ("ali", "Sofiane", "Ben Ali", EXACT),
    ("el khatibi", "Nora", "Elkhatibi", EXACT),
    ("meeren", "Joris", "van der Meeren", EXACT),
    ("pont", "Louis", "Dupont", None),  # an end of a word is no beginning
    # Saints.
    ("saint martin", "Cléo", "St-Martin", EXACT),
    ("st martin", "Cléo", "Saint-Martin", EXACT),
    ("ste colombe", "Cléo", "Sainte-Colombe", EXACT),
    ("saintmartin", "Cléo", "Saint-Martin", EXACT),
    # Double names, both halves, any order.
    ("achouri", "Lorenzo", "Brindavoine-Achouri", EXACT),
    ("brindavoine", "Lorenzo", "Brindavoine Achouri", EXACT),
    ("achouri brindavoine", "Lorenzo", "Brindavoine-Achouri", EXACT),
    ("brindavoine lorenzo", "Lorenzo", "Brindavoine-Achouri", EXACT),
    ("lorenzo achouri", "Lorenzo", "Brindavoine-Achouri", EXACT),
    ("lorenzo lorenzo", "Lorenzo", "Brindavoine", None),  # each word in a place of its own
    ("lorenzo quemener", "Lorenzo", "Brindavoine", None),  # every word counts
    # Beginnings.
    ("br", "Lorenzo", "Brindavoine", PREFIX),
    ("lor brin", "Lorenzo", "Brindavoine", PREFIX),
    ("b", "Lorenzo", "Brindavoine", None),  # one letter is nobody
    # The same to the ear.
    ("lefebvre", "Anaïs", "Lefèvre", SOUND),
    ("lefebure", "Anaïs", "Lefèvre", SOUND),
    ("le febvre", "Anaïs", "Lefèvre", SOUND),
    ("faivre", "Anaïs", "Le Fèvre", SOUND),
    ("dupond", "Louis", "Dupont", SOUND),
    ("tibo", "Thibault", "Marceron", SOUND),
    ("mickael", "Michaël", "Ozanne", SOUND),
    ("oualid", "Walid", "Sebbar", SOUND),
    ("leklair", "Flore", "Leclerc", SOUND),
    ("joffrey gotier", "Geoffrey", "Gauthier", SOUND),
    # One slip: left out, added, another, swapped.
    ("benard", "Ella", "Bernard", SLIP),
    ("berrnardin", "Ella", "Bernardin", SOUND),  # twice the same letter says the same
    ("quemenre", "Maëlle", "Quéméner", SLIP),
    ("ozamne", "Michaël", "Ozanne", SLIP),
    ("ozanen", "Michaël", "Ozanne", SLIP),
    ("benard elal", "Ella", "Bernard", None),  # two slips
    # Other people.
    ("martin", "Jules", "Marty", None),
    ("moreau", "Jules", "Morel", None),
    ("lea", "Léo", "Marceron", None),  # three letters: one of them is a third of the name
    ("julie", "Jules", "Roux", None),
    ("durand", "Jules", "Dupont", None),
    ("agnes", "Annie", "Dupuis", None),
    ("cohen", "Mina", "Quinet", None),
]


@pytest.mark.parametrize(("query", "first", "last", "rank"), PAIRS)
def test_a_name_is_found_or_rightly_not(query: str, first: str, last: str, rank: Rank | None) -> None:
    """Also in capitals and with spaces around."""
    assert match(query, first, last) == rank
    assert match(f"  {query.upper()} ", first, last) == rank


def test_there_are_sixty_pairs_and_some_are_refused() -> None:
    """The table is what it says."""
    assert len({pair[:3] for pair in PAIRS}) >= 60
    assert sum(pair[3] is None for pair in PAIRS) >= 10


def test_equal_sounds_open_alike() -> None:
    """The quick question never hides what the slow one would find."""
    alike = ("quentin kentin", "henri anri", "philippe filip", "cecile sesil", "georges jorj", "walid oualid", "xavier", "yves ive")
    for group in (*(each.split() for each in alike), *((fold(q), fold(last)) for q, _, last, rank in PAIRS if rank == SOUND)):
        for word in group:
            if sound(word) == sound(group[0]):
                assert opening(word) == opening(group[0]), group


def test_names_stand_in_a_list_as_in_a_directory() -> None:
    """Accents and case do not scatter a family."""
    people = [("Zoé", "Lefevre"), ("Élie", "Éluard"), ("anne", "lefèvre"), ("Bob", "Eluère")]
    assert sorted(people, key=lambda each: order(*each)) == [people[1], people[3], people[2], people[0]]


@given(st.text(max_size=300), st.text(max_size=90), st.text(max_size=90))
@example("a " * 50, "a " * 40, "a " * 40)
@example("ﷺ" * 100, "ﷺ" * 80, "\u0301" * 80)
@example("\ud800", "(?", "\\")
def test_whatever_is_typed_gets_an_answer(query: str, first: str, last: str) -> None:
    """No exception, and nothing is found by what is no name."""
    found = match(query, first, last)
    assert found is None or isinstance(found, Rank)
    if len(query) > MAX_QUERY:
        assert found is None


@given(st.text("abcdé ’-", min_size=4, max_size=12), st.text("abcdé ’-", min_size=4, max_size=12))
@example("a-a-a-a-aa", "a--a")
def test_everybody_is_found_by_their_own_name(first: str, last: str) -> None:
    """In either order, if one of the first words asked for has two letters: no more than MAX_WORDS are looked at."""
    for query in (f"{first} {last}", f"{last} {first}"):
        if not Matcher(query).empty:
            assert match(query, first, last) == Rank.EXACT


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_a_slip_is_a_slip_both_ways(one: str, other: str) -> None:
    """And is what the definition says."""
    if one != other:
        assert one_slip(one, other) == one_slip(other, one) == (other in _slips(one))


def _slips(word: str) -> set[str]:
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(head + tail[1:] for head, tail in cuts if tail),
        *(head + letter + tail for head, tail in cuts for letter in "abc"),
        *(head + letter + tail[1:] for head, tail in cuts for letter in "abc" if tail),
        *(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1),
    }


def test_the_worst_query_over_many_hostile_names_ends() -> None:
    """Six equal words against names of equal words: milliseconds, where every order tried would take hours."""
    names = [("aa " * 26, f"aa{index} " * 16) for index in range(200)]
    start = time.perf_counter()
    matcher = Matcher("aa " * 30)
    assert all(matcher.rank(first, last) == Rank.EXACT for first, last in names)
    assert time.perf_counter() - start < 5
