//! What the store promises, on both databases: every part below runs on a SQLite file of its own and on a
//! database of its own in a real PostgreSQL server.
//!
//! To add a promise: an `async fn` that takes a [`House`] in the file of its kind of record, and its name in
//! the list below.
#![expect(clippy::unwrap_used, reason = "each part is the body of a test: a panic is how it fails")]

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of the writer and of PostgreSQL alone")]
mod common;

mod absences;
mod accounts;
mod answers;
mod arrivals;
mod audit;
mod audit_about;
mod calls;
mod check;
mod commands;
mod covered;
mod damaged;
mod desk;
mod desk_reads;
mod falls;
mod fixes;
mod forgotten;
mod handsets;
mod heard;
mod heartbeats;
mod invitations;
mod journal;
mod journal_moves;
mod looks;
mod on_screens;
mod outbox;
mod outside;
mod people;
mod phones;
mod placing;
mod platform;
mod presses;
mod probe;
mod provisioning;
mod quarantine;
mod reaching;
mod recorded;
mod sameness;
mod sessions;
mod stations;
mod tracks;
mod untracked;
mod watch;
mod withheld;

use common::{House, postgres::Server};

macro_rules! parts {
    ($($kind:ident: $($part:ident),+;)+) => {
        mod on_sqlite {
            $(mod $kind {
                $(#[tokio::test]
                async fn $part() {
                    let house = crate::common::House::sqlite().await;
                    crate::$kind::$part(&house).await;
                    house.close().await;
                })+
            })+
        }

        /// One server for all parts, a database for each. Every part runs, and those that fail are named.
        #[tokio::test]
        async fn on_postgres() {
            let server = Server::start().await;
            let mut failed: Vec<&str> = Vec::new();
            $($({
                let name = concat!(stringify!($kind), "_", stringify!($part));
                let is_kept = is_kept(|| async {
                    let house = House::postgres(&server, name).await;
                    $kind::$part(&house).await;
                    house.close().await;
                });
                if !is_kept {
                    failed.push(name);
                }
            })+)+
            assert!(failed.is_empty(), "not kept on PostgreSQL: {failed:?}");
        }
    };
}

parts! {
    platform: a_store_is_demo_or_real_from_the_start, the_pulse_only_grows_until_it_is_set_back,
        anything_stamped_later_than_the_pulse_is_life, a_clock_set_back_is_corrected_once,
        what_is_to_be_sent_is_due_as_soon_by_a_clock_set_back, by_a_clock_far_ahead_nothing_is_old_at_first;
    presses: a_press_becomes_its_bytes_a_signal_and_a_receipt, a_repeat_is_receipted_again_and_changes_nothing,
        a_cancel_may_come_first, a_press_and_its_cancel_each_have_a_receipt,
        presses_of_one_id_each_have_a_receipt, a_press_knows_who_carried_the_handset_then,
        without_a_fix_the_last_known_stands_in,
        where_the_one_before_was_is_not_told_of_the_next, ten_megabytes_are_kept_whole, what_cannot_be_read_is_kept_whole,
        a_fall_is_taken_once;
    sameness: a_press_is_the_same_only_if_everything_is, presses_without_identity_are_each_their_own,
        equal_bytes_at_the_same_moment_are_two_presses;
    fixes: a_batch_keeps_order_and_what_is_not_known, a_thousand_rows_are_one_batch, strange_texts_come_back,
        the_newest_fix_is_by_its_own_time, an_impossible_fix_takes_nobody_with_it;
    journal: sorting_changes_nothing_that_is_read, what_is_old_goes_to_its_hour_and_late_rows_join_it,
        an_hour_belongs_to_who_carried_the_handset, the_log_is_read_by_number_and_kept_for_its_readers,
        old_tracks_are_removed_and_it_is_on_record, by_a_clock_that_is_not_believed_no_track_is_old, what_is_removed_is_summed_up, tracks_of_the_erased_go;
    journal_moves: of_two_that_move_the_same_one_does, a_binding_that_changes_meanwhile_is_heard,
        a_broken_block_is_set_aside_whole, broken_blocks_of_before_are_counted, a_few_rows_at_a_time_are_moved, fixes_of_before_are_carried_over;
    check: a_whole_store_passes_every_check, damage_is_found_by_its_check;
    tracks: a_track_is_of_who_carried_the_handset_then, a_track_is_in_the_order_of_its_own_times,
        a_binding_that_is_entered_late_brings_its_track;
    outbox: messages_wait_in_order_until_they_expire, what_waits_keeps_what_was_left_of_its_time, only_its_own_handset_settles_a_message,
        a_newer_message_takes_the_older_ones_place, who_has_news_is_read_by_cursor;
    desk: an_incident_is_opened_and_moved, of_two_on_one_version_one_is_written,
        nothing_of_a_conflict_is_written, one_incident_is_open_about_a_subject, a_signal_is_in_one_incident,
        the_cursor_moves_only_from_where_it_stood, a_request_is_done_once;
    desk_reads: the_most_overdue_come_first, pages_hold_everything_once, closed_incidents_are_listed_within_a_scope, events_are_read_by_cursor,
        incidents_that_moved_are_told_once_as_they_stand;
    arrivals: what_arrived_stays_arrived, a_responder_is_seen_by_consent_while_the_task_is_open;
    answers: a_relative_who_answered_is_not_sent_it_again, a_silent_station_is_reminded_once_in_each_state,
        who_is_silent_at_a_door_is_rung_without_a_message_before,
        who_is_silent_on_the_way_is_reminded_until_they_say_something, a_station_that_was_told_hears_once_that_its_task_was_taken_back,
        what_a_handset_was_told_stays_on_record, a_notice_is_one_processs_at_a_time_and_outlives_it;
    probe: a_probe_is_a_drill_that_nobody_sees, a_handset_that_somebody_carries_is_no_probe,
        a_probe_is_prepared_by_whose_turn_it_is;
    placing: signals_wait_with_the_open_case_they_belong_to;
    outside: a_link_opens_its_task_until_that_ends, events_are_told_once_or_not_at_all, what_reports_are_made_of,
        a_file_has_its_receipts_and_calls;
    commands: a_command_is_queued_sent_answered_or_expired, a_command_is_put_once_and_replaced,
        questions_about_an_incident_end_with_it, what_is_rung_and_said_is_sealed, what_was_rung_before_it_was_sealed_is_gone,
        what_people_asked_is_not_pushed_out;
    absences: an_absence_has_an_end, a_signal_knows_whether_its_resident_was_away,
        who_is_back_is_found_with_all_that_is_over, an_absence_that_cannot_be_read_hides_no_other;
    calls: a_call_is_entered_once_under_its_key, who_rang_is_sealed_and_told_whole,
        callers_of_before_are_sealed_once_it_is_over;
    withheld: what_is_to_be_sealed_goes_with_its_signal, what_is_kept_of_one_is_kept_of_both_put_together, what_is_kept_of_one_is_kept_of_both_parts,
        what_is_kept_begins_when_it_happened;
    covered: a_grant_has_what_its_consent_covers, an_invitation_is_used_by_whoever_has_an_account;
    accounts: an_account_is_found_by_its_name, who_is_shut_out_is_out_until_let_in, a_code_is_used_once,
        a_session_ends_by_itself_or_by_hand, a_session_in_use_runs_on,
        grants_have_a_beginning_and_an_end, a_consent_withdrawn_ends_what_stands_on_it,
        what_is_withheld_ends_by_hand, who_takes_back_tracking_is_not_tracked;
    untracked: a_time_without_consent_is_told_when_it_is_over, who_asks_for_help_is_followed_from_then_on;
    invitations: an_invitation_is_used_once_and_in_time, a_new_password_by_invitation_ends_old_sessions,
        who_is_shut_out_or_narrowed_comes_back_by_no_link_of_their_own,
        invitations_are_told_page_after_page, invitations_are_listed_within_a_scope;
    sessions: sessions_are_listed_locked_and_ended, sessions_are_told_page_after_page,
        accounts_are_listed_within_a_scope;
    heartbeats: an_interval_goes_with_its_handset, telephones_are_missed_only_where_somebody_said_how_often;
    watch: a_fence_is_entered_changed_and_ended, zones_and_policies_have_versions, zones_are_brought_in_all_or_none, zones_count_their_drawings,
        the_record_says_whose_zones_are_watched, what_is_snoozed_is_a_fence_or_a_zone, of_two_who_want_a_lease_one_has_it,
      a_return_is_told_once_and_habits_are_forgotten,
        a_signal_is_raised_once_with_its_state, what_the_watch_waits_for_is_moved_with_the_clock_once, without_consent_nothing_is_watched_that_wants_positions;
    falls: a_weak_fall_waits_for_an_answer, silence_raises_a_weak_fall, a_cancel_is_a_yes_to_the_last_fall,
        a_cancel_is_no_answer_to_another_fall;
    damaged: a_notice_that_cannot_be_opened_holds_up_no_other,
        a_word_that_cannot_be_opened_holds_up_nothing_else_for_the_handset,
        a_press_goes_before_all_others_and_programs_have_a_queue_of_their_own, an_incident_with_a_damaged_snapshot_is_as_its_events_say,
        an_incident_that_cannot_be_read_hides_no_other,
        an_entry_of_the_roster_that_cannot_be_opened_hides_no_other, a_call_about_a_life_is_done_first,
        what_a_process_died_over_is_due_when_it_is_back, a_station_that_cannot_be_read_hides_no_other,
        a_task_that_cannot_be_read_hides_no_other, a_row_of_a_log_that_cannot_be_read_hides_no_other;
    reaching: a_call_is_done_with_its_change_or_not_at_all, who_is_on_call_comes_back_and_goes,
        a_notice_is_put_once_and_tried_until_it_ends, a_drill_is_due_until_one_was_gone_through,
        buttons_to_be_tried_come_page_by_page,
        what_was_late_stays_until_somebody_looks_into_it, what_was_answered_by_a_clock_set_back_is_looked_into, a_button_is_tried_by_its_own_press, a_drill_put_into_another_is_no_try_of_its_own,
        a_window_is_for_nobody_in_need_and_ends_with_its_drill, a_window_that_was_over_stays_over_by_a_clock_set_back,
        a_window_ended_by_hand_stays_ended_by_a_clock_set_back;
    on_screens: what_a_screen_showed_only_moves_forward, who_is_on_duty_without_a_screen_was_not_reached_until_one_is_up,
        what_was_on_no_disk_is_on_no_screen_and_nothing_of_it_is_sealed,
        a_relative_and_a_station_answer_what_their_screens_showed,
        a_message_put_out_since_is_not_answered_by_what_was_said_before;
    stations: a_station_comes_back_as_entered_and_is_put_right, a_station_of_before_has_no_hours,
        what_a_station_has_to_do_is_counted;
    forgotten: signals_in_no_incident_go_with_the_person, signals_in_no_incident_have_a_term,
        nobody_is_erased_while_an_incident_holds_them, closed_incidents_have_a_term,
        a_press_that_comes_after_its_person_was_erased_is_found_once_it_is_closed, what_cannot_be_read_is_forgotten_all_the_same,
        one_without_its_end_stays_in_lists_and_hides_no_other,
        nothing_beside_a_case_of_before_names_anybody, what_stands_beside_the_nameless_of_before_goes_at_the_upgrade;
    looks: a_look_waits_for_its_review, the_same_look_waits_once, who_entered_a_call_is_known;
    recorded: what_arrived_is_read_by_the_time_of_its_arrival;
    provisioning: a_claim_code_gives_a_secret_once, a_handset_goes_from_hand_to_hand,
        who_is_stolen_is_told_to_those_who_watch, nothing_of_before_a_theft_opens_the_door_after_a_new_code, a_change_that_is_committed_late_is_seen;
    audit: rows_are_sealed_and_verified, a_changed_row_is_found, a_deleted_row_is_found,
        an_end_that_was_cut_off_with_its_seals_is_found, rows_that_are_sealed_a_second_time_are_found_by_a_noted_seal,
        a_row_before_the_first_is_found, a_seal_that_was_dated_back_makes_nothing_old, seals_of_before_still_hold,
        of_two_who_seal_at_once_one_does, what_goes_while_somebody_walks_along_breaks_nothing,
        rows_not_sealed_yet_are_counted, looks_are_found_by_whom_they_were_about,
        a_look_is_found_by_whom_it_was_about_then, what_was_done_is_found_by_whom_it_was_about_then,
        an_incident_is_searched_whomever_it_was_about,
        old_rows_go_when_their_time_has_come,
        whom_a_row_names_goes_with_it, however_it_is_sought_the_same_is_found;
    audit_about: old_rows_are_noted_while_searches_are_whole, a_kill_loses_no_note_and_doubles_none,
        of_two_processes_one_notes_old_rows, rows_that_went_meanwhile_leave_no_note,
        who_noted_all_at_the_upgrade_has_nothing_to_do;
    quarantine: misfits_are_kept_whole_with_the_reason, misfits_are_counted_by_sender,
        a_misfit_is_theirs_who_carried_the_handset_then;
    heard: hours_are_those_in_which_a_handset_was_heard, what_a_handset_has_of_an_incident_is_a_figure;
    handsets: a_binding_holds_from_its_beginning_to_its_end, the_newest_word_of_a_handset_is_kept,
        a_telephones_last_will_is_told_from_its_words,
        a_credential_is_found_by_its_handset, those_who_proved_themselves_are_added_at_once, refused_log_ins_are_one_signal_an_hour,
        an_odd_log_in_of_who_is_outside_asks_for_a_look;
    phones: a_phone_is_its_user_and_its_device, a_passphrase_is_kept_sealed_and_opens_what_it_sealed,
        an_osmand_id_is_known_by_its_hash_and_replaced, of_two_who_bind_at_once_one_is_refused, what_is_put_out_by_hand_goes_on_record;
    people: what_is_sealed_is_nowhere_in_plain, a_resident_comes_back_as_entered, a_record_is_put_right,
        a_caller_is_found_however_the_number_is_spelt, a_scope_narrows_whom_is_found,
        a_scope_narrows_lists_about_people, many_are_named_at_once,
        residents_are_found_by_name_number_and_handset, wildcards_mean_themselves, capitals_do_not_matter,
        a_new_key_takes_the_old_ones_place,
        a_record_that_cannot_be_opened_keeps_no_other_under_the_old_key;
}

/// Runs a part in a thread of its own, so that its failure is its own.
fn is_kept<P: Future<Output = ()>>(part: impl FnOnce() -> P + Send) -> bool {
    std::thread::scope(|scope| {
        let thread = scope.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(part());
        });
        thread.join().is_ok()
    })
}
