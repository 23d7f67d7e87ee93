//! The platform from outside: the real binary, a story or a fault at a time.
//!
//! One binary, so that it is linked once; one file for each story. The harness is this crate's library.

mod absences;
mod accounts;
mod attack;
mod audit;
mod auth;
mod clients;
mod clock_steps;
mod commands;
mod crowd;
mod cut_connections;
mod database_locked;
mod desk_story;
mod disk_full;
mod enrolment;
mod fsync_before_puback;
mod handset_life;
mod handset_words;
mod interface;
mod keys;
mod kill;
mod malformed_flood;
mod outage;
mod outside;
mod page_websocket;
mod phones;
mod press_story;
mod reached;
mod records;
mod redis_away;
mod relatives;
mod reports;
mod rights;
mod routes;
mod sessions;
mod slow_browser;
mod start;
mod station_story;
mod strange_presses;
mod tls;
mod tls_renewal;
mod tracks;
mod two_claims;
mod two_processes;
mod watch;
