//! Functions: one registry of everything that can be called, with help and a runnable example.
//!
//! A function is a row of a table in the file of its topic (`scalar/…`, `aggregate/…`, `table`):
//! name, spelling, help, example, overloads. How a call finds its overload is in `resolve`, what
//! parameter types mean in `signature`. Functions see arguments and the record's arena only.

mod aggregate;
mod call;
mod definition;
mod help;
mod resolve;
mod scalar;
mod signature;
mod table;

pub use aggregate::{Aggregate, AggregateError, AggregateRequest, CollectLimits, Folded};
pub use call::Call;
pub(crate) use call::put;
pub use definition::{
    AggregateBody, Body, Category, Definition, Function, Kind, Overload, ResultType, Row,
    ScalarBody, TableBody, TypeRule,
};
pub use help::FunctionHelp;
pub use resolve::{ArgumentType, Resolved, resolve};
pub use signature::{Bindings, Parameter, ParameterType};

use headwater_base::SortedMap;
use std::sync::OnceLock;

/// Every function, by its name in capitals.
#[derive(Debug)]
pub struct Registry {
    functions: SortedMap<&'static str, Function>,
}

/// What a host brings, see [`add_functions`].
static HOST: OnceLock<&'static [Definition]> = OnceLock::new();

/// Adds a host's own functions to the registry: once, and before anything has read it.
///
/// Whether they are in it now. A laboratory never does this; a test harness does, for functions
/// that exist nowhere else.
pub fn add_functions(table: &'static [Definition]) -> bool {
    let first = HOST.set(table).is_ok();
    let known = |row: &Definition| registry().find(row.name).is_some();
    first && table.iter().all(known)
}

/// The registry.
///
/// ```
/// use headwater_sql::function::{Kind, registry};
/// let count = registry().find("count").unwrap();
/// assert_eq!(count.kind, Kind::Aggregate);
/// ```
pub fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let folding = aggregate::TABLES
            .iter()
            .map(|table| (Category::Aggregate, *table));
        let tables = scalar::TABLES
            .iter()
            .copied()
            .chain(folding)
            .chain([(Category::Table, table::FUNCTIONS)])
            .chain(HOST.get().map(|table| (Category::Other, *table)));
        let made = |(category, table): (Category, &'static [Definition])| {
            table
                .iter()
                .map(move |row| (row.name, Function::new(row, category)))
        };
        Registry {
            functions: tables.flat_map(made).collect(),
        }
    })
}

impl Registry {
    /// The function of a name, whatever its case.
    pub fn find(&self, name: &str) -> Option<&Function> {
        self.functions.get(name.to_ascii_uppercase().as_str())
    }

    /// Whether `name` is an aggregate function.
    pub fn is_aggregate(&self, name: &str) -> bool {
        self.find(name)
            .is_some_and(|function| function.kind == Kind::Aggregate)
    }

    /// Whether `name` is a table function.
    pub fn is_table_function(&self, name: &str) -> bool {
        self.find(name)
            .is_some_and(|function| function.kind == Kind::Table)
    }

    /// All functions, by name.
    pub fn all(&self) -> impl Iterator<Item = &Function> {
        self.functions.values()
    }
}

#[cfg(test)]
mod tests;
