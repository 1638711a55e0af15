//! Queries and tables of the opening laboratory, made by hand.

use super::START_MS;
use headwater_base::trace::Rejection;
use headwater_base::{QueryId, StationId, TopicId};
use headwater_view::*;

fn stations(clauses: &[(StationKind, &str)]) -> Vec<StationView> {
    let numbered = clauses.iter().zip(0u16..);
    let station = |((kind, sql), number): (&(StationKind, &str), u16)| StationView {
        id: StationId(number),
        kind: *kind,
        sql: (*sql).to_owned(),
        table: match kind {
            StationKind::Join => Some("CUSTOMERS".to_owned()),
            StationKind::GroupBy => Some("RATINGS_BY_CLUB_STATUS".to_owned()),
            _ => None,
        },
        passed: 40,
        rejected: match kind {
            StationKind::Where => vec![(Rejection::Predicate, 31)],
            _ => Vec::new(),
        },
        cups: match kind {
            StationKind::GroupBy => ["gold", "silver", "bronze", "platinum"]
                .iter()
                .zip(4..)
                .map(|(key, count)| (format!("{key} 00:01"), count.to_string()))
                .collect(),
            _ => Vec::new(),
        },
        was: (*kind == StationKind::GroupBy).then(|| "6".to_owned()),
    };
    numbered.map(station).collect()
}

pub(crate) fn query(
    id: u32,
    name: &str,
    from: u32,
    sink: Option<u32>,
    clauses: &[(StationKind, &str)],
) -> QueryView {
    QueryView {
        id: QueryId(id),
        name: name.to_owned(),
        sql: clauses.iter().map(|it| it.1).collect::<Vec<_>>().join(" "),
        kind: if sink.is_some() {
            QueryKind::Persistent
        } else {
            QueryKind::Push
        },
        state: QueryState::Running,
        sources: vec![TopicId(from)],
        sink: sink.map(TopicId),
        internal: Vec::new(),
        stations: stations(clauses),
        emitted: 128,
        failure: None,
    }
}

/// The join of ratings with customers.
fn join() -> QueryView {
    use StationKind::*;
    let mut join = query(
        2,
        "CSAS_RATINGS_WITH_CUSTOMER_DATA_5",
        2,
        Some(4),
        &[
            (From, "FROM RATINGS_LIVE R"),
            (
                Join,
                "LEFT JOIN CUSTOMERS C ON CAST(R.USER_ID AS STRING) = C.CUSTOMER_ID",
            ),
            (
                Select,
                "SELECT R.RATING_ID, R.MESSAGE, R.STARS, R.CHANNEL, C.CUSTOMER_ID, \
              C.FIRST_NAME + ' ' + C.LAST_NAME AS FULL_NAME, C.CLUB_STATUS, C.EMAIL",
            ),
        ],
    );
    join.sources.push(TopicId(1));
    join.internal.push(TopicId(7));
    join
}

pub(crate) fn queries() -> Vec<QueryView> {
    use StationKind::*;
    vec![
        query(
            0,
            "CSAS_RATINGS_LIVE_1",
            0,
            Some(2),
            &[
                (From, "FROM RATINGS"),
                (Where, "WHERE LCASE(CHANNEL) NOT LIKE '%test%'"),
                (Select, "SELECT *"),
            ],
        ),
        query(
            1,
            "CSAS_POOR_RATINGS_3",
            2,
            Some(3),
            &[
                (From, "FROM RATINGS_LIVE"),
                (Where, "WHERE STARS < 3"),
                (Select, "SELECT *"),
            ],
        ),
        join(),
        query(
            3,
            "CSAS_UNHAPPY_PLATINUM_CUSTOMERS_7",
            4,
            Some(5),
            &[
                (From, "FROM RATINGS_WITH_CUSTOMER_DATA"),
                (Where, "WHERE STARS < 3 AND CLUB_STATUS = 'platinum'"),
                (PartitionBy, "PARTITION BY FULL_NAME"),
                (
                    Select,
                    "SELECT FULL_NAME, CLUB_STATUS, EMAIL, STARS, MESSAGE",
                ),
            ],
        ),
        query(
            4,
            "CTAS_RATINGS_BY_CLUB_STATUS_9",
            4,
            Some(6),
            &[
                (
                    From,
                    "FROM RATINGS_WITH_CUSTOMER_DATA WINDOW TUMBLING (SIZE 1 MINUTES)",
                ),
                (GroupBy, "GROUP BY CLUB_STATUS"),
                (Select, "SELECT CLUB_STATUS, COUNT(*) AS RATING_COUNT"),
            ],
        ),
    ]
}

fn column(name: &str, key: bool) -> ColumnView {
    ColumnView {
        name: name.to_owned(),
        sql_type: "STRING".to_owned(),
        key,
    }
}

fn row(cells: Vec<Cell>) -> TableRow {
    TableRow {
        cells,
        timestamp_ms: START_MS,
        set_by: None,
        cause: None,
    }
}

pub(crate) fn tables() -> Vec<TableView> {
    let text = |it: &str| Cell::Text(it.to_owned());
    let number = |it: i64| Cell::Number(it.to_string());
    let people = [
        ("1", "Ada", "Blaisdell", "bronze"),
        ("10", "Lina", "Tollerton", "silver"),
        ("11", "Moe", "Marsh", "gold"),
        ("12", "Kit", "Hale", "gold"),
        ("13", "Vera", "Toopin", "platinum"),
        ("14", "Ned", "Orr", "gold"),
    ];
    let customers = people.map(|(id, first, last, status)| {
        row(vec![
            text(id),
            text(first),
            text(last),
            text(&format!("{first}@example.com").to_lowercase()),
            text(status),
        ])
    });
    let counts = ["bronze", "gold", "platinum", "silver"].map(|status| {
        row(vec![
            text(status),
            number(START_MS + 60_000),
            number(START_MS + 120_000),
            number(12),
        ])
    });
    vec![
        TableView {
            name: "CUSTOMERS".to_owned(),
            topic: Some(TopicId(1)),
            columns: vec![
                column("CUSTOMER_ID", true),
                column("FIRST_NAME", false),
                column("LAST_NAME", false),
                column("EMAIL", false),
                column("CLUB_STATUS", false),
            ],
            rows: customers.to_vec(),
            row_count: 20,
        },
        TableView {
            name: "RATINGS_BY_CLUB_STATUS".to_owned(),
            topic: Some(TopicId(6)),
            columns: vec![
                column("CLUB_STATUS", true),
                column("WINDOWSTART", true),
                column("WINDOWEND", true),
                column("RATING_COUNT", false),
            ],
            rows: counts.to_vec(),
            row_count: 4,
        },
    ]
}
