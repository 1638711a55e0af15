//! Changes every span of a tree: to move it, to map it back to another text, or to forget places
//! so that two trees can be compared by what they say.

use super::*;

/// A node whose spans, and those of all nodes in it, can be changed.
///
/// ```
/// use headwater_base::Span;
/// use headwater_syntax::ast::{MapSpans, without_spans};
/// let mut moved = headwater_syntax::parse("LIST TOPICS;").statements.remove(0);
/// moved.map_spans(&mut |span| *span = span.shifted(5));
/// assert_eq!(moved.span, Span::new(5, 17));
/// let other = headwater_syntax::parse("show  topics;").statements.remove(0);
/// assert_eq!(without_spans(moved), without_spans(other));
/// ```
pub trait MapSpans {
    /// Calls `change` with each span.
    fn map_spans(&mut self, change: &mut dyn FnMut(&mut Span));
}

/// The same tree, every span empty.
pub fn without_spans<T: MapSpans>(mut tree: T) -> T {
    tree.map_spans(&mut |span| *span = Span::default());
    tree
}

impl MapSpans for Span {
    fn map_spans(&mut self, change: &mut dyn FnMut(&mut Span)) {
        change(self);
    }
}

impl<T: MapSpans + ?Sized> MapSpans for Box<T> {
    fn map_spans(&mut self, change: &mut dyn FnMut(&mut Span)) {
        (**self).map_spans(change);
    }
}

impl<T: MapSpans> MapSpans for Option<T> {
    fn map_spans(&mut self, change: &mut dyn FnMut(&mut Span)) {
        if let Some(inner) = self {
            inner.map_spans(change);
        }
    }
}

impl<T: MapSpans> MapSpans for Vec<T> {
    fn map_spans(&mut self, change: &mut dyn FnMut(&mut Span)) {
        for item in self {
            item.map_spans(change);
        }
    }
}

impl<T: MapSpans> MapSpans for Clause<T> {
    fn map_spans(&mut self, change: &mut dyn FnMut(&mut Span)) {
        self.body.map_spans(change);
        self.span.map_spans(change);
    }
}

/// Types that hold no span.
macro_rules! leaves {
    ($($name:ty),* $(,)?) => {$(
        impl MapSpans for $name {
            fn map_spans(&mut self, _change: &mut dyn FnMut(&mut Span)) {}
        }
    )*};
}

/// Structs: the fields that hold spans.
macro_rules! structs {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl MapSpans for $name {
            fn map_spans(&mut self, change: &mut dyn FnMut(&mut Span)) {
                $(self.$field.map_spans(change);)*
            }
        }
    )*};
}

/// Enums: each variant with the fields that hold spans. Every variant must be listed.
macro_rules! enums {
    ($($name:ident {
        $($variant:ident $(($inner:ident))? $({ $($field:ident),+ })? $([$rest:tt])?),* $(,)?
    })*) => {$(
        impl MapSpans for $name {
            fn map_spans(&mut self, change: &mut dyn FnMut(&mut Span)) {
                match self {
                    $($name::$variant $(($inner))? $({ $($field),+ , .. })? $({ $rest })? => {
                        $($inner.map_spans(change);)?
                        $($($field.map_spans(change);)+)?
                    })*
                }
            }
        }
    )*};
}

leaves!(i32, Emit, Literal, Show);

structs! {
    Identifier { span }
    StringLiteral { span }
    SqlType { kind, span }
    StructField { name, sql_type, span }
    Expression { kind, span }
    FunctionCall { name, arguments }
    WhenBranch { condition, result, span }
    MapEntry { key, value }
    StructEntry { name, value }
    Query {
        select, from, joins, window, filter, group_by, partition_by, having, emit, limit, span
    }
    SelectItem { kind, span }
    AliasedSource { name, alias, span }
    Join { source, within, on, span }
    Within { before, after, grace, span }
    Duration { span }
    Window { name, kind, retention, grace, span }
    Print { topic, span }
    Statement { kind, span }
    CreateSource { name, columns, properties }
    ColumnDefinition { name, sql_type, role, span }
    ColumnRole { span }
    Properties { entries, span }
    Property { name_span, value_span }
    CreateAs { name, properties, query }
    InsertQuery { target, properties, query }
    InsertValues { target, columns, values }
    AlterSource { name, columns }
    DropSource { name }
    CreateType { name, sql_type }
    DropNamed { name }
    QueryControl { query }
    CreateConnector { name, properties }
    SetProperty { name, value }
    Define { name, value }
}

enums! {
    SqlTypeKind {
        Boolean, Int, BigInt, Double, Decimal[..], String, Bytes, Time, Date, Timestamp,
        Array(element), Map { key, value }, Struct(fields), Named(name),
    }
    ExpressionKind {
        Literal(literal), Column { source, name }, Field { base, field },
        Subscript { base, index }, Sign { operand }, Not(operand), Arithmetic { left, right },
        Comparison { left, right }, Logical { left, right }, Between { value, low, high },
        In { value, list }, Like { value, pattern }, IsNull { value },
        Case { operand, branches, default }, Cast { value, sql_type }, Call(call),
        Lambda { parameters, body }, Array(items), Map(entries), Struct(entries), Unit[..],
        AtTimeZone { value, zone },
    }
    SelectItemKind { Expression { expression, alias }, All { source }, AllFields { base } }
    WindowKind { Tumbling { size }, Hopping { size, advance }, Session { gap } }
    Describe {
        Source { name }, Streams[..], Tables[..], Function(name), Connector(name),
    }
    Explain { Query(query), Statement(statement) }
    Assert {
        Topic { name, properties, timeout }, Schema { subject, timeout }, Values(values),
        NullValues(values), Source(source),
    }
    StatementKind {
        CreateSource(it), CreateAs(it), InsertQuery(it), InsertValues(it), AlterSource(it),
        DropSource(it), CreateType(it), DropType(it), QueryControl(it), Explain(it), Query(it),
        Show(it), Describe(it), Print(it), CreateConnector(it), DropConnector(it),
        SetProperty(it), UnsetProperty(it), AlterSystem(it), Define(it), Undefine(it),
        RunScript(it), Assert(it),
    }
}
