//! Finds the `async fn`s of a folder of sources, and writes the sources with an attribute on some of them.
//!
//! Nothing is inserted on a line of its own, so a line of a message is a line of the original. A function whose attribute
//! rewrites it itself, as `#[tokio::test]` does, keeps its shell, and its body becomes a function that can be annotated:
//!
//! ```text
//! #[tokio::test]                     #[tokio::test]
//! async fn name() -> R {             async fn name() -> R { #[attribute] async fn coloop_body() -> R {
//!     …                                  …
//! }                                  } coloop_body().await }
//! ```
//!
//! Left out: what stands in a macro's tokens, since only rustc reads those; and what `#[async_trait]` rewrites.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use proc_macro2::{LineColumn, Span, TokenStream, TokenTree};
use syn::{
    spanned::Spanned,
    visit::{self, Visit},
};

/// An `async fn` with a body.
#[derive(Debug)]
pub struct Function {
    pub file: PathBuf,
    pub name: String,
    /// Where its attribute goes.
    at: LineColumn,
    last_line: usize,
    /// What stands around the attribute and after the body, if the function keeps a shell.
    shell: Option<Shell>,
}

#[derive(Debug)]
struct Shell {
    output: String,
    /// Where the body's closing brace is.
    end: LineColumn,
}

/// Position of a function in [`Sources::functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Index(usize);

/// The sources as they were before the first edit.
#[derive(Debug)]
pub struct Sources {
    root: PathBuf,
    texts: BTreeMap<PathBuf, String>,
    functions: Vec<Function>,
}

impl Sources {
    /// Reads every `.rs` file below `root`. A file that is not Rust on its own, as one that is included as an expression,
    /// is left alone.
    pub fn read(root: &Path) -> io::Result<Sources> {
        let mut sources = Sources {
            root: root.to_owned(),
            texts: BTreeMap::new(),
            functions: Vec::new(),
        };
        sources.read_folder(root)?;
        Ok(sources)
    }

    fn read_folder(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.read_folder(&path)?;
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                self.read_file(&path)?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, path: &Path) -> io::Result<()> {
        let Ok(text) = fs::read_to_string(path) else {
            return Ok(());
        };
        let Ok(file) = syn::parse_file(&text) else {
            return Ok(());
        };
        let path = path
            .strip_prefix(&self.root)
            .expect("a path below the root")
            .to_owned();
        let mut collector = Collector {
            file: &path,
            functions: Vec::new(),
        };
        collector.visit_file(&file);
        if !collector.functions.is_empty() {
            self.functions.append(&mut collector.functions);
            self.texts.insert(path, text);
        }
        Ok(())
    }

    pub fn all(&self) -> BTreeSet<Index> {
        (0..self.functions.len()).map(Index).collect()
    }

    pub fn get(&self, index: Index) -> &Function {
        &self.functions[index.0]
    }

    /// `file:line name`, with the file as seen from the crate.
    pub fn describe(&self, index: Index) -> String {
        let function = self.get(index);
        format!(
            "{}:{} {}",
            function.file.display(),
            function.at.line,
            function.name
        )
    }

    /// Writes all files, with `attribute` on the functions `chosen`.
    pub fn write(&self, attribute: &str, chosen: &BTreeSet<Index>) -> io::Result<()> {
        for (path, text) in &self.texts {
            let mut insertions = Vec::new();
            for function in chosen
                .iter()
                .map(|&index| self.get(index))
                .filter(|function| function.file == *path)
            {
                function.insertions(attribute, &mut insertions);
            }
            let text = with_insertions(text, insertions);
            fs::write(self.root.join(path), text)?;
        }
        Ok(())
    }

    /// The innermost of the functions `chosen` that contains a line.
    pub fn innermost(&self, file: &Path, line: usize, chosen: &BTreeSet<Index>) -> Option<Index> {
        chosen
            .iter()
            .copied()
            .filter(|&index| {
                let function = self.get(index);
                function.file == file && (function.at.line..=function.last_line).contains(&line)
            })
            .min_by_key(|&index| self.get(index).last_line - self.get(index).at.line)
    }
}

impl Function {
    fn insertions(&self, attribute: &str, insertions: &mut Vec<(LineColumn, String)>) {
        match &self.shell {
            None => insertions.push((self.at, format!("{attribute} "))),
            Some(shell) => {
                let head = format!(" {attribute} async fn coloop_body() {} {{", shell.output);
                insertions.push((self.at, head));
                insertions.push((shell.end, "} coloop_body().await ".to_owned()));
            }
        }
    }
}

fn with_insertions(text: &str, mut insertions: Vec<(LineColumn, String)>) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    // From the end, so that the positions of the others stay true.
    insertions.sort_by_key(|(at, _)| std::cmp::Reverse((at.line, at.column)));
    for (at, inserted) in insertions {
        let line = &mut lines[at.line - 1];
        let byte = line
            .char_indices()
            .nth(at.column)
            .map_or(line.len(), |(byte, _)| byte);
        line.insert_str(byte, &inserted);
    }
    lines.concat()
}

struct Collector<'a> {
    file: &'a Path,
    functions: Vec<Function>,
}

/// Attributes that rewrite an `async fn` themselves.
const REWRITERS: [&str; 6] = ["main", "test", "bench", "rstest", "test_case", "instrument"];

fn last_segment_is(attribute: &syn::Attribute, names: &[&str]) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|segment| names.iter().any(|name| segment.ident == name))
}

/// Also within `#[cfg_attr(condition, attribute)]`.
fn rewrites(attribute: &syn::Attribute) -> bool {
    let conditional = match &attribute.meta {
        syn::Meta::List(list) if attribute.path().is_ident("cfg_attr") => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let mut inside = conditional
        .into_iter()
        .skip_while(|tree| !matches!(tree, TokenTree::Punct(comma) if comma.as_char() == ','));
    last_segment_is(attribute, &REWRITERS)
        || inside.any(|tree| REWRITERS.iter().any(|name| tree.to_string() == *name))
}

impl Collector<'_> {
    fn add(
        &mut self,
        attrs: &[syn::Attribute],
        vis: Option<&syn::Visibility>,
        sig: &syn::Signature,
        body: &syn::Block,
    ) {
        if sig.asyncness.is_none() {
            return;
        }
        let rewritten = attrs.iter().any(rewrites);
        let alone = sig.inputs.is_empty() && sig.generics.params.is_empty();
        if rewritten && !alone {
            return;
        }
        let start = match vis {
            Some(vis) if !matches!(vis, syn::Visibility::Inherited) => vis.span(),
            _ => sig.span(),
        };
        let (at, shell) = if rewritten {
            (
                body.brace_token.span.open().end(),
                Some(Shell {
                    output: text_of(&sig.output),
                    end: body.brace_token.span.close().start(),
                }),
            )
        } else {
            (start.start(), None)
        };
        let last_line = Span::end(&body.span()).line;
        self.functions.push(Function {
            file: self.file.to_owned(),
            name: sig.ident.to_string(),
            at,
            last_line,
            shell,
        });
    }
}

fn text_of(output: &syn::ReturnType) -> String {
    match output {
        syn::ReturnType::Default => String::new(),
        syn::ReturnType::Type(_, ty) => {
            format!("-> {}", ty.span().source_text().unwrap_or_default())
        }
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.add(
            &function.attrs,
            Some(&function.vis),
            &function.sig,
            &function.block,
        );
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.add(
            &function.attrs,
            Some(&function.vis),
            &function.sig,
            &function.block,
        );
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(body) = &function.default {
            self.add(&function.attrs, None, &function.sig, body);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if !item
            .attrs
            .iter()
            .any(|attribute| last_segment_is(attribute, &["async_trait"]))
        {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        if !item
            .attrs
            .iter()
            .any(|attribute| last_segment_is(attribute, &["async_trait"]))
        {
            visit::visit_item_trait(self, item);
        }
    }
}
