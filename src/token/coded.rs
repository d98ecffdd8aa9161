//! Kinds that scripts know by a name, each declared in one row: the name, the section of an RFC
//! that it comes from, and what it stands for.

macro_rules! coded {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($variant:ident = $code:literal, $section:literal, $description:literal;)*
        }
    ) => {
        $(#[$attribute])*
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!($description, " (", $section, ")")] $variant,)*
        }

        impl $name {
            /// Every kind, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The name that scripts see; never renamed.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// The section of an RFC that it comes from.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self {
                    $(Self::$variant => $section,)*
                }
            }

            /// What it stands for, in a clause without a full stop.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $(Self::$variant => $description,)*
                }
            }
        }
    };
}

pub(crate) use coded;
