//! `choice!`: an enumeration whose values are words in a file.

/// Declares an enumeration whose values are words in a file: `Name = "word" => "what it means to a person"`.
#[macro_export]
macro_rules! choice {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $( $(#[$variant_attribute:meta])* $variant:ident = $word:literal => $meaning:literal, )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $( #[doc = $meaning] $(#[$variant_attribute])* $variant, )*
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$( $name::$variant, )*];
            /// Every value's word and meaning, in the same order.
            pub const WORDS: &'static [$crate::domain::record::Word] = &[
                $( $crate::domain::record::Word { word: $word, meaning: $meaning }, )*
            ];

            /// The word as it stands in files and on the command line.
            pub fn word(self) -> &'static str {
                Self::WORDS[self as usize].word
            }

            /// What a person is shown.
            pub fn meaning(self) -> &'static str {
                Self::WORDS[self as usize].meaning
            }

            /// The value that `word` stands for.
            pub fn of(word: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::of(text).ok_or_else(|| $crate::domain::record::one_of(Self::WORDS))
            }
        }

        impl $crate::domain::record::Part for $name {
            const SHAPE: $crate::domain::record::Shape = $crate::domain::record::Shape::Choice(Self::WORDS);

            fn read(
                node: &$crate::domain::node::Node,
                reader: &mut $crate::domain::record::Reader<'_>,
            ) -> Option<Self> {
                match node.as_text().and_then(Self::of) {
                    Some(value) => Some(value),
                    None => reader.invalid($crate::domain::record::one_of(Self::WORDS)),
                }
            }

            fn write(&self) -> Option<$crate::domain::node::Node> {
                Some($crate::domain::node::Node::text(self.word()))
            }
        }
    };
}
