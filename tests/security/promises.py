"""R1 to R38: what is promised, to which figure, and the tests that hold it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """`tests` are addresses of pytest, from tests/ on: files, classes, functions."""

    number: int
    says: str
    target: str
    tests: tuple[str, ...]


def _of(number: int, says: str, target: str, *tests: str) -> Promise:
    return Promise(number, says, target, tuple(f"tests/{test}" for test in tests))


_ISOLATION, _LEAKS = "page_cache/test_isolation.py", "articles/test_leaks.py"
_CACHE, _FAULTS = "page_cache/test_page_cache.py", "page_cache/test_faults.py"
_HALF_HOUR = "security/test_r36_half_an_hour.py"
_MANY, _OUTAGE = "comments/test_admin_many.py", "newsroom/test_outage.py"

PROMISES = (
    _of(
        1,
        "nothing a writer types runs",
        "1,500 payloads and more: 0 executed, cleaned twice as once, < 0.5 s",
        "security/test_r01_nothing_a_writer_types_runs.py",
    ),
    _of(
        2,
        "plain fields are text everywhere",
        "payloads in every plain field: 0 executed",
        "security/test_r02_plain_fields_are_text.py",
        "comments/test_attacks_by_markup.py",
    ),
    _of(
        3,
        "the policy is tight",
        "no unsafe-* but on the editor's page; Observatory 120 at least",
        "security/test_r03_policy.py",
    ),
    _of(4, "no outside host", "0 requests, 0 violations", "security/test_r04_only_our_host.py"),
    _of(
        5,
        "kept bytes are equal for all",
        "40 headers, 20 queries and more, cold; 20,000 of all kinds: 0 differences",
        _ISOLATION,
        f"{_CACHE}::TestAnswer",
    ),
    _of(
        6,
        "the host decides nothing",
        "9 forms: 0 echoes; letters and feeds hold the set address",
        "security/test_r06_hosts.py",
        "newsroom/test_forgotten.py",
        "articles/test_feeds.py",
    ),
    _of(
        7,
        "nothing personal is stored",
        "0 markers, 0 cookies",
        f"{_ISOLATION}::test_who_may_see_more_is_shown_it_and_nobody_after_him",
        f"{_ISOLATION}::test_paths_that_look_like_a_page_keep_nothing_of_the_desk",
        f"{_ISOLATION}::test_nor_where_a_real_server_reads_the_paths",
        f"{_CACHE}::TestWhatIsKept::test_no_form_and_nothing_of_the_desk",
    ),
    _of(
        8,
        "the cache cannot be flooded",
        "memory within its limit, 0 entries for unknown parameters",
        "security/test_r08_cache_is_kept_small.py",
        f"{_CACHE}::TestRoom",
        f"{_CACHE}::TestWhatIsKept::"
        "test_parameters_a_page_does_not_read_are_as_if_they_were_not_there",
    ),
    _of(
        9,
        "errors are not kept",
        "the right page at the next request",
        f"{_FAULTS}::TestOneDatabase",
        f"{_OUTAGE}::test_readers_of_kept_pages_notice_nothing",
        "security/test_r08_cache_is_kept_small.py::test_an_error_is_gone_with_its_cause",
    ),
    _of(
        10,
        "a commit shows",
        "within 250 ms on all workers and nodes, 0 violations",
        "page_cache/test_freshness.py",
        "page_cache/test_every_change.py",
    ),
    _of(
        11,
        "rights hold at every address",
        "every address x role x method: 0 holes, an unlisted one fails",
        "security/test_r11_rights_matrix.py",
        "security/test_r11_every_verb.py",
        "security/test_r11_side_doors.py",
        "security/test_section_rights.py",
    ),
    _of(
        12,
        "many at once are many single ones",
        "each action, foreign, stale, not there: 0 effects, each named",
        _MANY,
    ),
    _of(13, "forged fields do nothing", "0 effects", "security/test_r13_forged_fields.py"),
    _of(14, "nobody promotes himself", "0", "security/test_r14_self_promotion.py"),
    _of(
        15,
        "looking changes nothing",
        "the database before is that after",
        "security/test_r15_looking_writes_nothing.py",
    ),
    _of(
        16,
        "drafts leak nowhere",
        "marked drafts on all pages, feeds and 40 spellings: 0",
        _LEAKS,
        "articles/test_public_only.py",
        "security/test_r16_addresses_of_drafts.py",
    ),
    _of(
        17,
        "hidden is like what never was",
        "equal bytes and headers, medians within 10 %",
        "security/test_r17_hidden_is_like_nothing.py",
    ),
    _of(
        18,
        "editing a draft moves nothing public",
        "0 pages changed",
        "security/test_r18_editing_moves_nothing.py",
    ),
    _of(
        19,
        "schedules begin and end to the second",
        "-0 / +1 s",
        f"{_LEAKS}::TestToTheSecond",
        f"{_CACHE}::TestGoing::test_a_schedule_begins_to_the_second",
        f"{_CACHE}::TestGoing::test_one_scheduled_meanwhile_begins_too",
        "page_cache/test_freshness.py",
    ),
    _of(
        20,
        "a take-down is whole",
        "410, and gone from every list, feed, search and photo",
        f"{_LEAKS}::test_what_was_withdrawn",
        f"{_CACHE}::TestGoing::test_a_withdrawn_article",
        "articles/test_media.py::TestWhoSeesIt",
    ),
    _of(
        21,
        "pictures are made anew",
        "60 bad and good ones: 0 metadata, 0 x 5xx, <= 10 s, <= 500 MB more",
        "security/test_r21_pictures_are_made_anew.py",
    ),
    _of(22, "uploads cannot run", "0 HTML, 0 SVG", "security/test_r22_uploads_cannot_run.py"),
    _of(
        23,
        "originals are private",
        "no address, 0 places in public bytes",
        "security/test_r22_uploads_cannot_run.py",
        "articles/test_media.py::TestSizes::test_the_original_has_no_address",
    ),
    _of(
        24,
        "guessing is slow",
        "of 1,000 at most 30 tried; the owner comes in from elsewhere",
        "security/test_r24_guessing.py",
    ),
    _of(
        25,
        "sessions end",
        "the next request is refused; the password again before rights change",
        "security/test_r25_sessions.py",
        "newsroom/test_password_again.py",
    ),
    _of(26, "cookies are guarded", "and readers' pages set none", "security/test_r26_cookies.py"),
    _of(
        27,
        "the log is append-only",
        "the database itself refuses",
        "security/test_r27_audit.py",
        "security/test_r27_a_million_rows.py",
        "newsroom/test_log_page.py",
    ),
    _of(
        28,
        "raw requests break nothing",
        "150 and more: 0 x 5xx, 0 hangs, 0 echoes",
        "security/test_r28_raw_http.py",
        "test_nginx.py",
    ),
    _of(
        29,
        "slow clients keep nobody waiting",
        "40 + 40 + 40: p95 of readers <= 2 x idle",
        "security/test_r29_slow_clients.py",
    ),
    _of(
        30,
        "nasty texts break nothing",
        "100 texts in every form: 0 x 5xx, 0 good words lost, <= 1 s",
        "security/test_r30_text_nasties.py",
    ),
    _of(
        31,
        "time is linear",
        "ratio <= 2.5, <= 50 ms at the cap",
        "security/test_r31_time_is_linear.py",
    ),
    _of(
        32,
        "what is taken away runs nowhere",
        "no cell is a formula, feeds are valid",
        "security/test_r32_exports.py",
    ),
    _of(33, "logs hold no person", "0", "security/test_r33_logs_hold_no_person.py"),
    _of(
        34,
        "what was acknowledged is stored",
        "8 x kill -9: 0 lost, 0 doubled, first page <= 5 s",
        "security/test_r34_acknowledged_is_stored.py",
        _HALF_HOUR,
    ),
    _of(
        35,
        "no update is lost",
        "0 silent losses, the slower one keeps his text",
        "security/test_r35_no_lost_update.py",
        "articles/test_side_by_side.py",
    ),
    _of(
        36,
        "faults are honest",
        "reads go on, writes get 503 in <= 6 s with their text, 0 x 500",
        "security/test_r36_faults.py",
        _HALF_HOUR,
        _FAULTS,
        _OUTAGE,
    ),
    _of(
        37,
        "what is unsafe does not start",
        "each case is named, check --deploy is clean",
        "security/test_r37_safe_start.py",
    ),
    _of(
        38,
        "the supply is locked",
        "hashes for all, no address",
        "security/test_r38_locked_supply.py",
    ),
)
