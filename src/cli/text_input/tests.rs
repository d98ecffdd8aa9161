use super::*;

const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.e30.c2ln";

#[test]
fn tokens_are_placed_by_line_and_character() {
    let text = format!("é {TOKEN}\n\n  x={TOKEN}&\n{TOKEN}2");
    let placed = find_all(&mut text.as_bytes()).unwrap().placed();
    let places: Vec<_> = placed.iter().map(|p| (p.line, p.column, p.seen)).collect();
    assert_eq!(places, [(1, 3, 2), (4, 1, 1)]);
}

#[test]
fn a_token_that_lies_across_two_pieces_is_found_whole() {
    let text = [
        " ".repeat(FIRST_BLOCK - 10),
        TOKEN.to_owned(),
        "\n".to_owned(),
    ]
    .concat();
    let placed = find_all(&mut text.as_bytes()).unwrap().placed();
    assert_eq!(placed.len(), 1);
    assert_eq!(placed[0].token, TOKEN);
    assert_eq!(placed[0].column, u64::try_from(FIRST_BLOCK).unwrap() - 9);
}

#[test]
fn utf16_is_told_from_text() {
    let wide: Vec<u8> = TOKEN.bytes().flat_map(|b| [b, 0]).collect();
    assert!(is_utf16(&wide));
    assert!(!is_utf16(TOKEN.as_bytes()));
    assert!(!is_utf16(b""));
}
