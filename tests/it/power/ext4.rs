//! The same once on a real file system.
