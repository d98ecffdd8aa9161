//! Tokens and keys, exchanged with other libraries and tools.
