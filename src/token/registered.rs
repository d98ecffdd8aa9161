//! Algorithms that IANA has registered by a name, each declared in one row: the name, what it is in words, and
//! what this program has to know of it.

macro_rules! registered {
    (
        $(#[$attribute:meta])*
        pub enum $algorithm:ident;
        $visible:vis const fn $known:ident(self) -> $Known:ty;

        $($variant:ident = $name:literal, $description:literal, $value:expr;)*
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $algorithm {
            $(#[doc = $description] $variant,)*
        }

        impl $algorithm {
            /// Every algorithm, in the order in which they are listed and preferred.
            pub const ALL: &[$algorithm] = &[$($algorithm::$variant),*];

            /// The name that stands in a header.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it is, in words.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $(Self::$variant => $description,)*
                }
            }

            /// The algorithm of that name, compared exactly (RFC 7515 section 4.1.1).
            #[must_use]
            pub fn parse(name: &str) -> Option<$algorithm> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }

            /// What else is known of it.
            $visible const fn $known(self) -> $Known {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }
    };
}

pub(crate) use registered;
