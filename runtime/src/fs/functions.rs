//! The functions of `std::fs`, each on a thread.
//!
//! *Input*: paths and what else the function takes. *Output*: what it gives.

use std::fs::{Metadata, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use crate::threads::to_thread;

macro_rules! functions {
    ($(
        $(#[$attribute:meta])*
        $name:ident($($path:ident),+ $(; $other:ident: $type:ty)?) -> $output:ty = $std:path;
    )*) => {$(
        $(#[$attribute])*
        ///
        /// # Errors
        ///
        /// Of the OS.
        ///
        /// # Panics
        ///
        /// Outside of a loop.
        pub async fn $name(
            $($path: impl AsRef<Path>,)+ $($other: $type,)?
        ) -> io::Result<$output> {
            $(let $path = $path.as_ref().to_owned();)+
            to_thread(move || $std($($path),+ $(, $other)?)).await
        }
    )*};
}

functions! {
    /// Reads a whole file.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let missing = coloop::fs::read("/no/such/file").await;
    /// assert_eq!(missing.unwrap_err().kind(), std::io::ErrorKind::NotFound);
    /// # });
    /// ```
    read(path) -> Vec<u8> = std::fs::read;

    /// Reads a whole file that is text; `InvalidData` if it is not UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let path = std::env::temp_dir().join(format!("coloop-doc-text-{}", std::process::id()));
    /// coloop::fs::write(&path, "Hello").await.unwrap();
    /// assert_eq!(coloop::fs::read_to_string(&path).await.unwrap(), "Hello");
    /// coloop::fs::remove_file(&path).await.unwrap();
    /// assert!(!coloop::fs::try_exists(&path).await.unwrap());
    /// # });
    /// ```
    read_to_string(path) -> String = std::fs::read_to_string;

    /// The absolute path without symbolic links.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// assert!(coloop::fs::canonicalize(".").await.unwrap().is_absolute());
    /// # });
    /// ```
    canonicalize(path) -> PathBuf = std::fs::canonicalize;

    /// Copies a file and its permissions; gives the number of bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let path = std::env::temp_dir().join(format!("coloop-doc-copy-{}", std::process::id()));
    /// let copied = coloop::fs::copy(std::env::current_exe().unwrap(), &path).await.unwrap();
    /// assert_eq!(coloop::fs::metadata(&path).await.unwrap().len(), copied);
    /// coloop::fs::remove_file(&path).await.unwrap();
    /// # });
    /// ```
    copy(from, to) -> u64 = std::fs::copy;

    /// Makes a directory.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let path = std::env::temp_dir().join(format!("coloop-doc-dir-{}", std::process::id()));
    /// coloop::fs::create_dir(&path).await.unwrap();
    /// coloop::fs::remove_dir(&path).await.unwrap();
    /// # });
    /// ```
    create_dir(path) -> () = std::fs::create_dir;

    /// Makes a directory and those that it is in.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let path = std::env::temp_dir().join(format!("coloop-doc-dirs-{}", std::process::id()));
    /// coloop::fs::create_dir_all(path.join("a/b")).await.unwrap();
    /// coloop::fs::remove_dir_all(&path).await.unwrap();
    /// # });
    /// ```
    create_dir_all(path) -> () = std::fs::create_dir_all;

    /// What there is to know about a file, or that which a symbolic link leads to.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// assert!(coloop::fs::metadata(".").await.unwrap().is_dir());
    /// # });
    /// ```
    metadata(path) -> Metadata = std::fs::metadata;

    /// What there is to know about a file or a symbolic link.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// assert!(!coloop::fs::symlink_metadata(".").await.unwrap().is_symlink());
    /// # });
    /// ```
    symlink_metadata(path) -> Metadata = std::fs::symlink_metadata;

    /// Removes an empty directory.
    ///
    /// # Examples
    ///
    /// See [`create_dir`].
    remove_dir(path) -> () = std::fs::remove_dir;

    /// Removes a directory and all that is in it.
    ///
    /// # Examples
    ///
    /// See [`create_dir_all`].
    remove_dir_all(path) -> () = std::fs::remove_dir_all;

    /// Removes a file.
    ///
    /// # Examples
    ///
    /// See [`read_to_string`].
    remove_file(path) -> () = std::fs::remove_file;

    /// Gives a file another name; what has had that name is replaced.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let path = |name| std::env::temp_dir().join(format!("coloop-doc-{name}-{}", std::process::id()));
    /// coloop::fs::write(path("old"), "Hello").await.unwrap();
    /// coloop::fs::rename(path("old"), path("new")).await.unwrap();
    /// assert_eq!(coloop::fs::read(path("new")).await.unwrap(), b"Hello");
    /// coloop::fs::remove_file(path("new")).await.unwrap();
    /// # });
    /// ```
    rename(from, to) -> () = std::fs::rename;

    /// Sets who may do what with a file.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let path = std::env::temp_dir().join(format!("coloop-doc-mode-{}", std::process::id()));
    /// coloop::fs::write(&path, "").await.unwrap();
    /// let permissions = coloop::fs::metadata(&path).await.unwrap().permissions();
    /// coloop::fs::set_permissions(&path, permissions).await.unwrap();
    /// coloop::fs::remove_file(&path).await.unwrap();
    /// # });
    /// ```
    set_permissions(path; permissions: Permissions) -> () = std::fs::set_permissions;

    /// Whether there is something of that name.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// assert!(coloop::fs::try_exists(".").await.unwrap());
    /// # });
    /// ```
    try_exists(path) -> bool = std::fs::exists;
}

/// Writes a whole file, in place of the one that there may be.
///
/// # Errors
///
/// Of the OS.
///
/// # Panics
///
/// Outside of a loop.
///
/// # Examples
///
/// See [`read_to_string`].
pub async fn write(path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> io::Result<()> {
    let (path, contents) = (path.as_ref().to_owned(), contents.as_ref().to_owned());
    to_thread(move || std::fs::write(path, contents)).await
}
