//! A recipe at work: fields that are drawn, record after record, and rows of a table that change.

use super::GeneratedRecord;
use super::draw::{Drawn, Field, Luck};
use super::encode::Layout;
use headwater_base::Chance;
use std::sync::Arc;

/// Most rows of a table that a generator keeps.
pub const ROWS_MAX: u64 = 1_000;
/// How many different things records are about where no field says which.
const ABOUT_MAX: i64 = 200;

/// What a generator makes.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The fields, or the columns of a source: those of the key first.
    pub fields: Vec<Field>,
    /// The field whose number says what a record is about.
    pub about: Option<usize>,
    /// How records are written.
    pub layout: Layout,
    /// Rows of a table, all of which come first; 0 for a stream.
    pub rows: u64,
}

/// A recipe with what it remembers between records.
#[derive(Clone, Debug)]
pub(super) struct Cook {
    recipe: Arc<Recipe>,
    seed: u64,
    producer: Arc<str>,
    chance: Chance,
    walks: Vec<Option<i64>>,
    iteration: u64,
    rows: Vec<Vec<Drawn>>,
}

impl Cook {
    pub(super) fn new(recipe: Recipe, seed: u64, producer: &str) -> Cook {
        Cook {
            recipe: Arc::new(recipe),
            seed,
            producer: Arc::from(producer),
            chance: Chance::new(seed, &format!("producer {producer}")),
            walks: Vec::new(),
            iteration: 0,
            rows: Vec::new(),
        }
    }

    /// Whether the first call of [`Cook::produce`] gives all rows.
    pub(super) fn loads_first(&self) -> bool {
        self.recipe.rows > 0
    }

    /// The next records, of this time.
    pub(super) fn produce(&mut self, time: i64) -> Vec<GeneratedRecord> {
        let recipe = self.recipe.clone();
        if recipe.rows == 0 {
            let drawn = draw(
                &recipe,
                &mut self.chance,
                &mut self.walks,
                self.iteration,
                time,
            );
            self.iteration += 1;
            return vec![recipe.layout.record(&recipe.fields, &drawn, time)];
        }
        if self.rows.is_empty() {
            for row in 0..recipe.rows.min(ROWS_MAX) {
                let name = format!("producer {} row {row}", self.producer);
                let mut chance = Chance::new(self.seed, &name);
                self.rows
                    .push(draw(&recipe, &mut chance, &mut self.walks, row, time));
            }
            self.iteration = recipe.rows;
            let record = |row: &Vec<Drawn>| recipe.layout.record(&recipe.fields, row, time);
            return self.rows.iter().map(record).collect();
        }
        vec![self.change(&recipe, time)]
    }

    /// A row of which all that does not last is drawn anew.
    fn change(&mut self, recipe: &Recipe, time: i64) -> GeneratedRecord {
        let last = self.rows.len().saturating_sub(1);
        let at = self.chance.range(0, last as i64) as usize;
        let drawn = draw(recipe, &mut self.chance, &mut self.walks, at as u64, time);
        self.iteration += 1;
        let row = &mut self.rows[at];
        for ((field, old), new) in recipe.fields.iter().zip(row.iter_mut()).zip(drawn) {
            if !field.draw.is_lasting() {
                *old = new;
            }
        }
        recipe.layout.record(&recipe.fields, row, time)
    }
}

/// Draws the fields of one record. What it is about comes first, since others follow from it.
fn draw(
    recipe: &Recipe,
    chance: &mut Chance,
    walks: &mut Vec<Option<i64>>,
    iteration: u64,
    time: i64,
) -> Vec<Drawn> {
    let mut luck = Luck {
        chance,
        walks,
        iteration,
        time,
        about: 0,
    };
    let first = recipe.about.and_then(|at| recipe.fields.get(at));
    let first = first.map(|field| field.draw(&mut luck));
    luck.about = match &first {
        Some(Drawn::Number { unscaled, .. }) => unscaled.unsigned_abs(),
        _ => luck.chance.range(1, ABOUT_MAX) as u64,
    };
    let mut drawn = Vec::with_capacity(recipe.fields.len());
    for (at, field) in recipe.fields.iter().enumerate() {
        drawn.push(match (&first, recipe.about == Some(at)) {
            (Some(first), true) => first.clone(),
            _ => field.draw(&mut luck),
        });
    }
    drawn
}
