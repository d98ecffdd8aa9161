//! Letters that can be read from the other side of the desk.

/// Each letter in five rows of five dots.
const LETTERS: &[(char, u32)] = &[
    ('A', 0b01110_10001_11111_10001_10001),
    ('B', 0b11110_10001_11110_10001_11110),
    ('C', 0b01111_10000_10000_10000_01111),
    ('D', 0b11110_10001_10001_10001_11110),
    ('E', 0b11111_10000_11110_10000_11111),
    ('F', 0b11111_10000_11110_10000_10000),
    ('G', 0b01111_10000_10011_10001_01111),
    ('H', 0b10001_10001_11111_10001_10001),
    ('I', 0b01110_00100_00100_00100_01110),
    ('J', 0b00111_00010_00010_10010_01100),
    ('K', 0b10001_10010_11100_10010_10001),
    ('L', 0b10000_10000_10000_10000_11111),
    ('M', 0b10001_11011_10101_10001_10001),
    ('N', 0b10001_11001_10101_10011_10001),
    ('O', 0b01110_10001_10001_10001_01110),
    ('P', 0b11110_10001_11110_10000_10000),
    ('Q', 0b01110_10001_10101_10010_01101),
    ('R', 0b11110_10001_11110_10010_10001),
    ('S', 0b01111_10000_01110_00001_11110),
    ('T', 0b11111_00100_00100_00100_00100),
    ('U', 0b10001_10001_10001_10001_01110),
    ('V', 0b10001_10001_10001_01010_00100),
    ('W', 0b10001_10001_10101_11011_10001),
    ('X', 0b10001_01010_00100_01010_10001),
    ('Y', 0b10001_01010_00100_00100_00100),
    ('Z', 0b11111_00010_00100_01000_11111),
    ('0', 0b01110_10011_10101_11001_01110),
    ('1', 0b00100_01100_00100_00100_01110),
    ('2', 0b11110_00001_01110_10000_11111),
    ('3', 0b11110_00001_01110_00001_11110),
    ('4', 0b10010_10010_11111_00010_00010),
    ('5', 0b11111_10000_11110_00001_11110),
    ('6', 0b01110_10000_11110_10001_01110),
    ('7', 0b11111_00001_00010_00100_00100),
    ('8', 0b01110_10001_01110_10001_01110),
    ('9', 0b01110_10001_01111_00001_01110),
    ('-', 0b00000_00000_01110_00000_00000),
];

/// How many fit into the narrowest usual terminal.
const MOST: usize = 12;

/// The text in three lines, of which each holds two rows; `None` of one that has another letter or is too
/// long.
pub(super) fn lines(text: &str) -> Option<[String; 3]> {
    if text.is_empty() || text.chars().count() > MOST {
        return None;
    }
    let mut lines = [const { String::new() }; 3];
    for letter in text.chars() {
        let (_, dots) = LETTERS.iter().find(|(one, _)| *one == letter)?;
        // The rows from above, each five bits; a sixth is empty.
        let [first, second, third, fourth, fifth] = [20, 15, 10, 5, 0].map(|at| dots >> at);
        let pairs = [(first, second), (third, fourth), (fifth, 0)];
        for (line, (upper, lower)) in lines.iter_mut().zip(pairs) {
            for column in (0..5).rev() {
                let is_set = |row: u32| row >> column & 1 == 1;
                line.push(match (is_set(upper), is_set(lower)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            line.push(' ');
        }
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn() {
        let drawn = lines("JOTT-10")
            .unwrap()
            .map(|line| line.trim_end().to_owned());
        assert_eq!(
            drawn,
            [
                "  ▀█▀ ▄▀▀▀▄ ▀▀█▀▀ ▀▀█▀▀        ▄█   ▄▀▀█▄",
                "▄  █  █   █   █     █    ▀▀▀    █   █▄▀ █",
                " ▀▀    ▀▀▀    ▀     ▀          ▀▀▀   ▀▀▀",
            ]
        );
        assert!(lines("ABCDEFGHIJKL").is_some());
        for text in ["", "a", "Ä", "ABCDEFGHIJKLM"] {
            assert_eq!(lines(text), None, "{text}");
        }
    }

    #[test]
    fn no_two_letters_look_alike() {
        let drawn: std::collections::HashSet<_> = LETTERS.iter().map(|(_, dots)| dots).collect();
        assert_eq!(drawn.len(), LETTERS.len());
    }
}
