//! The macro `record!`, which declares a record and how it stands in a file.

/// Declares a record: a struct whose public fields stand in a file under their own names, in this order.
/// `[ask]` before a field that may be absent makes a prompt ask for it all the same; `[made]` says that the tool makes it,
/// `[entered]` that the tool records it when the record is entered, and that no answer may hold it.
/// `since 2` says that only files of format 2 and later can hold the field.
/// What stands in `beside` is no part of the tree: it is the default where a record is read, and not written.
#[macro_export]
macro_rules! record {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $( $(#[doc = $doc:literal])* $([$ask:ident])? $(since $since:literal)? pub $field:ident : $type:ty, )*
        }
        $( beside { $( $(#[doc = $beside_doc:literal])* pub $beside:ident : $beside_type:ty, )* } )?
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $( $(#[doc = $doc])* pub $field: $type, )*
            $( $( $(#[doc = $beside_doc])* pub $beside: $beside_type, )* )?
        }

        impl $name {
            /// The fields, in the order in which they stand in a file.
            pub const FIELDS: &'static [$crate::domain::record::Field] = &[
                $( $crate::domain::record::Field {
                    key: stringify!($field),
                    doc: &[$($doc),*],
                    shape: <$type as $crate::domain::record::Part>::SHAPE,
                    required: <$type as $crate::domain::record::Part>::REQUIRED,
                    asked: $crate::record!(@asked $($ask)?),
                    made: $crate::record!(@made $($ask)?),
                    entered: $crate::record!(@entered $($ask)?),
                    since: $crate::record!(@since $($since)?),
                    filled: <$type as $crate::domain::record::Part>::FILLED,
                    private: <$type as $crate::domain::record::Part>::PRIVATE,
                }, )*
            ];
        }

        impl $crate::domain::record::Fields for $name {
            fn write_field(&self, key: &str) -> Option<$crate::domain::node::Node> {
                match key {
                    $( stringify!($field) => $crate::domain::record::Part::write(&self.$field), )*
                    _ => None,
                }
            }

            fn read_field(&mut self, key: &str, value: Option<&$crate::domain::node::Node>) -> Option<()> {
                match key {
                    $( stringify!($field) => self.$field = $crate::domain::record::read_strict(value)?, )*
                    _ => return None,
                }
                Some(())
            }
        }

        impl $crate::domain::record::Part for $name {
            const SHAPE: $crate::domain::record::Shape = $crate::domain::record::Shape::Record(Self::FIELDS);

            fn read(
                node: &$crate::domain::node::Node,
                reader: &mut $crate::domain::record::Reader<'_>,
            ) -> Option<Self> {
                if !reader.keys(node, Self::FIELDS) {
                    return None;
                }
                $( let $field = reader.field::<$type>(node, stringify!($field)); )*
                Some($name { $( $field: $field?, )* $( $( $beside: <$beside_type>::default(), )* )? })
            }

            fn absent(reader: &mut $crate::domain::record::Reader<'_>) -> Option<Self> {
                reader.problem($crate::domain::record::Fault::Missing);
                None
            }

            fn write(&self) -> Option<$crate::domain::node::Node> {
                let mut entries = Vec::new();
                $( if let Some(node) = $crate::domain::record::Part::write(&self.$field) {
                    entries.push((stringify!($field).to_owned(), node));
                } )*
                Some($crate::domain::node::Node::Map(entries))
            }

            fn write_differing(&self, other: &Self) -> Option<$crate::domain::node::Node> {
                let mut entries = Vec::new();
                $( if let Some(node) =
                    $crate::domain::record::Part::write_differing(&self.$field, &other.$field)
                {
                    entries.push((stringify!($field).to_owned(), node));
                } )*
                Some($crate::domain::node::Node::Map(entries))
            }

            fn put_differing(&mut self, other: &Self, from: Self) {
                $( $crate::domain::record::Part::put_differing(&mut self.$field, &other.$field, from.$field); )*
            }

            fn latest(&self) -> Option<$crate::domain::time::Instant> {
                let mut latest = None;
                $( latest = latest.max($crate::domain::record::Part::latest(&self.$field)); )*
                latest
            }

            fn each_id<'a>(
                &'a self,
                field: Option<&'static str>,
                take: &mut dyn FnMut(Option<&'static str>, &'a str),
            ) {
                $( $crate::domain::record::Part::each_id(
                    &self.$field,
                    field.or(Some(stringify!($field))),
                    take,
                ); )*
            }

            fn format(&self) -> u32 {
                let mut format = $crate::domain::record::OLDEST_FORMAT;
                $( if !$crate::domain::record::Part::is_absent(&self.$field) {
                    format = format
                        .max($crate::record!(@since $($since)?))
                        .max($crate::domain::record::Part::format(&self.$field));
                } )*
                format
            }
        }
    };
    (@since $since:literal) => { $since };
    (@since) => { $crate::domain::record::OLDEST_FORMAT };
    (@asked ask) => { true };
    (@asked $($made:ident)?) => { false };
    (@made made) => { true };
    (@made entered) => { true };
    (@made $($ask:ident)?) => { false };
    (@entered entered) => { true };
    (@entered $($ask:ident)?) => { false };
}
