//! What can be typed about language models.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args)]
pub(in crate::cli) struct Models {
    #[command(subcommand)]
    pub(in crate::cli) command: ModelsCommand,
}

/// What can be done with models.
#[derive(Subcommand)]
pub(in crate::cli) enum ModelsCommand {
    /// List the models on this computer, those of other programs too
    List,
    /// Add a model file: where it lies, or copied
    Add(AddModel),
    /// Forget an added model; a copied one is deleted
    Remove(NamedModel),
    /// Use this model from now on
    Use(NamedModel),
    /// Measure how fast a model is here
    Bench(BenchModel),
    /// Cut the text on stdin into tokens
    Tokenize(Tokenize),
    /// Render the messages on stdin as the model reads them
    Template(TemplateOf),
}

#[derive(Args)]
pub(in crate::cli) struct AddModel {
    /// The GGUF file
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// Copy it into the folder of the models
    #[arg(long)]
    pub(in crate::cli) copy: bool,
}

#[derive(Args)]
pub(in crate::cli) struct NamedModel {
    /// The model's name, the beginning of it, or its file
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
}

#[derive(Args)]
pub(in crate::cli) struct BenchModel {
    /// The model's name, the beginning of it, or its file (default: the one that is used)
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
}

#[derive(Args)]
pub(in crate::cli) struct Tokenize {
    /// The GGUF file; one that holds only a vocabulary will do
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
    /// Names of special tokens in the text are these tokens
    #[arg(long)]
    pub(in crate::cli) special: bool,
}

#[derive(Args)]
pub(in crate::cli) struct TemplateOf {
    /// The GGUF file
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
}
