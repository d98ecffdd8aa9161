//! The pages in chromium, as people meet them: with the mouse and with the keyboard, on a phone and
//! at a desk, in light and dark, with and without scripts.
//!
//! Whatever a test does, the browser asks nobody but the server and the client, says nothing on its
//! console, and finds nothing against the policy of the pages; and axe-core finds nothing on any page
//! that is seen. What is done stands in the scripts, which `tests/clients/install` is needed for.

use std::fs;
use std::net::TcpListener;

use tempfile::NamedTempFile;

use super::server::Server;
use crate::peer;

/// Runs one flow of a script.
#[track_caller]
fn flow(server: &Server, script: &str, name: &str, more: &[&str]) {
    let mut script = peer::script(script);
    script.args([&server.issuer(), name]).args(more);
    peer::run(script.env("NO_PROXY", "127.0.0.1"), &[]);
}

/// Makes a test of each flow of a script.
macro_rules! flows {
    ($of:ident, $script:literal: $($test:ident is $flow:literal),+ $(,)?) => {
        mod $of {
            $(
                #[test]
                fn $test() {
                    super::flow(&super::Server::start(), $script, $flow, &[]);
                }
            )+
        }
    };
}

flows! { pages, "with_pages.mjs":
    whatever_ought_not_to_be_is_noticed is "noticed",
    a_person_logs_in_and_allows_and_the_client_gets_tokens is "allow",
    faults_the_clock_and_keys_are_controlled_from_a_page is "control",
    a_person_enters_the_code_of_a_device_and_it_gets_tokens is "device",
    another_person_can_log_in is "another_person",
    a_wrong_password_is_announced_and_can_be_tried_again is "wrong_password",
    a_no_leads_back_to_the_client is "deny",
    a_page_says_what_a_client_did_wrong is "refusal",
    an_answer_in_a_form_posts_itself is "form_post",
    a_page_can_be_read_again_and_gone_back_to is "back_and_again",
    a_person_logs_out is "log_out",
    the_links_of_the_start_page_lead_somewhere is "links",
    log_in_and_consent_need_no_script is "no_script",
    log_in_and_consent_need_no_mouse is "keyboard",
    a_state_of_many_kilobytes_comes_back is "long_state",
    every_page_fits_a_phone is "phone",
    every_page_fits_a_desk is "desk",
    every_page_can_be_enlarged is "zoom",
    every_page_bears_forced_colours is "forced_colors",
}

flows! { playground, "with_playground.mjs":
    it_goes_through_the_code_flow_and_every_call is "everything",
    a_no_is_shown is "deny",
    a_wrong_password_stays_between_the_person_and_the_server is "wrong_password",
    each_way_to_end_a_family_ends_it is "ends",
    what_is_asked_for_is_what_the_token_is_good_for is "scopes",
    it_goes_on_where_it_was_when_it_is_read_again is "reload",
    it_forgets_everything_when_it_starts_over is "over",
    an_answer_to_another_tab_is_dropped is "other_tab",
    an_answer_that_comes_again_is_dropped is "repeated",
    a_device_gets_its_tokens is "device",
    it_needs_no_mouse is "keyboard",
    its_curl_lines_do_the_same is "curl",
    it_can_be_opened_by_another_name_of_this_machine is "localhost",
    a_wrong_secret_is_refused is "secret",
    a_token_that_expires_is_seen_to is "expiry",
}

flows! { reference, "with_reference.mjs":
    calls_are_tried_with_a_token is "authorize",
    a_client_has_a_token_of_its_own is "client",
    refused_calls_are_shown is "refused",
    a_token_that_cannot_be_sent_is_refused is "odd_token",
    wrong_input_is_told is "wrong_input",
    every_form_can_be_sent_as_it_is is "every_attempt",
    a_page_opens_in_a_tab_of_its_own is "opens_pages",
    it_needs_no_mouse is "keyboard",
    it_can_be_read_without_scripts is "no_script",
}

#[test]
fn the_playground_says_so_when_the_server_is_gone() {
    let server = Server::start();
    let pid = server.child.id().to_string();
    flow(&server, "with_playground.mjs", "gone", &[&pid]);
}

/// Whoever a configuration brings is there: users to log in as, and clients to play.
#[test]
fn the_playground_plays_the_clients_of_a_configuration() {
    let config = "[[user]]\nname = \"carol\"\npassword = \"c4r0l-secret\"\n\
         [[client]]\nid = \"shop\"\nsecret = \"a-secret-of-the-shop\"\n\
         redirect_uris = [\"https://shop.example/callback\"]\n\
         grants = [\"authorization_code\", \"refresh_token\"]\nscopes = [\"openid\", \"items:read\"]\n\
         [[client]]\nid = \"shelf\"\nredirect_uris = [\"https://shelf.example/callback\"]\n\
         grants = [\"authorization_code\", \"refresh_token\"]\nscopes = [\"openid\", \"shelf:read\"]\n";
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), config).unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    flow(&server, "with_playground.mjs", "clients", &[]);
}

/// RFC 6749 section 4.1.2.
#[test]
fn an_answer_in_a_form_comes_twice_where_a_fault_says_so() {
    let server = Server::with(&["--alg", "ES256", "--fault", "callback-twice"]);
    flow(&server, "with_pages.mjs", "twice", &[]);
}

/// No OpenID, and no keys to look at.
#[test]
fn the_playground_does_without_openid_where_there_is_a_secret_alone() {
    let secret = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");
    let server = Server::spawn(&["--key", "env:SECRET_KEY"], &[secret]);
    flow(&server, "with_playground.mjs", "shared_secret", &[]);
}

/// Whatever the pages lead to and load is beside them.
#[test]
fn the_pages_may_be_below_a_path() {
    let listen = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listen.local_addr().unwrap().to_string();
    drop(listen);
    let issuer = format!("http://{address}/a/b");
    let server = Server::with(&["--alg", "ES256", "--listen", &address, "--issuer", &issuer]);
    flow(&server, "with_pages.mjs", "form_post", &[]);
    flow(&server, "with_playground.mjs", "everything", &[]);
    flow(&server, "with_reference.mjs", "every_attempt", &[]);
}

/// Names are for users and clients to choose, and need not have a place to break.
#[test]
fn long_names_stay_within_the_page() {
    let (user, id, name) = ("n".repeat(200), "c".repeat(200), "W".repeat(200));
    let config = format!(
        "[[user]]\nname = \"{user}\"\npassword = \"pass\"\n\
         [[client]]\nid = \"{id}\"\nname = \"{name}\"\n\
         redirect_uris = [\"http://127.0.0.1/callback\"]\n\
         grants = [\"authorization_code\"]\nscopes = [\"openid\", \"items:read\"]\n",
    );
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), config).unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    flow(
        &server,
        "with_pages.mjs",
        "long_names",
        &[&user, &id, &name],
    );
}
