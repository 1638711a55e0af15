//! Kinds of values that have a meaning: names, addresses, places, pages. One list, for the schemas
//! that users write, for what is derived from columns, and for the documentation.
//!
//! What is about one person or place agrees within a record, and between sources: the customer
//! with number 7 has the same name wherever that number stands.

use super::draw::{Drawn, Luck};
use super::words::{self, Place};

/// A kind of value.
#[derive(Debug)]
pub struct Kind {
    /// Its name, as schemas write it.
    pub name: &'static str,
    /// What it is, with an example.
    pub about: &'static str,
    /// Whether a row of a table keeps it when the row changes.
    pub is_lasting: bool,
    /// Draws one.
    pub make: fn(&mut Luck<'_>) -> Drawn,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Kind) -> bool {
        self.name == other.name
    }
}

macro_rules! kinds {
    ($($name:literal $lasting:literal $about:literal $make:expr;)*) => {
        /// All kinds, in the order of the alphabet.
        pub static KINDS: &[Kind] = &[$(Kind {
            name: $name,
            about: $about,
            is_lasting: $lasting,
            make: $make,
        }),*];
    };
}

kinds! {
    "agent" true "a browser's user agent" |luck| pick(&words::AGENTS, luck);
    "app" true "an application: mobile, web" |luck| pick(&words::CHANNELS, luck);
    "browser" true "a browser: Firefox" |luck| pick(&words::BROWSERS, luck);
    "category" true "a class of goods: books" |luck| pick(&words::CATEGORIES, luck);
    "channel" false "a way in: web, store" |luck| pick(&words::CHANNELS, luck);
    "city" true "a city: Lisbon" |luck| text(place(luck).city);
    "colour" true "a colour: teal" |luck| pick(&words::COLOURS, luck);
    "company" true "a company: Northwind Mills" |luck| about(&words::COMPANIES, luck);
    "country" true "a country: Portugal" |luck| text(place(luck).country);
    "country_code" true "a country in two letters: PT" |luck| text(place(luck).code);
    "currency" true "a currency: EUR" |luck| pick(&words::CURRENCIES, luck);
    "department" true "a department: Sales" |luck| pick(&words::DEPARTMENTS, luck);
    "device" true "a device: tablet" |luck| pick(&words::DEVICES, luck);
    "email" true "an address of mail: ada.moreau@example.com" email;
    "first_name" true "a first name: Ada" |luck| text(first_name(luck));
    "full_name" true "first and last name: Ada Moreau" full_name;
    "gender" true "female, male, other" |luck| about(&words::GENDERS, luck);
    "http_method" false "GET, POST" |luck| pick(&words::METHODS, luck);
    "http_status" false "200, 404" |luck| pick_number(&words::HTTP_STATUSES, luck);
    "ip" true "an address of the network: 10.2.14.7" ip;
    "language" true "a language: pt" |luck| text(place(luck).language);
    "last_name" true "a last name: Moreau" |luck| text(last_name(luck));
    "latitude" true "degrees, near the record's city: 38.7223" latitude;
    "level" false "a level of a club: silver" |luck| pick(&words::LEVELS, luck);
    "longitude" true "degrees, near the record's city: -9.1393" longitude;
    "page" false "a page: /products/14" page;
    "payment" false "a way to pay: card" |luck| pick(&words::PAYMENTS, luck);
    "phone" true "a number of a phone: +44 20 7946 0123" phone;
    "postcode" true "a postcode of five digits: 40213" postcode;
    "product" true "a thing to buy: Copper kettle" |luck| pick(&words::PRODUCTS, luck);
    "region" true "a part of a country: Lisboa" |luck| text(place(luck).region);
    "sentence" false "what someone might write" |luck| pick(&words::SENTENCES, luck);
    "severity" false "a level of a log: WARN" |luck| pick(&words::SEVERITIES, luck);
    "size" true "S, M, L" |luck| pick(&words::SIZES, luck);
    "status" false "how an order is: SHIPPED" |luck| pick(&words::STATUSES, luck);
    "street" true "a street with its number: 14 Mill Lane" street;
    "system" true "an operating system: Linux" |luck| pick(&words::SYSTEMS, luck);
    "title" true "a title: The quiet harbour" |luck| pick(&words::TITLES, luck);
    "unit" true "a unit: kg" |luck| pick(&words::UNITS, luck);
    "url" false "an address of the web: https://shop.example.com/cart" url;
    "user_name" true "a name to log in with: ada7" user_name;
    "uuid" false "a UUID of version 4" uuid;
    "word" true "a plain word: harbour" |luck| pick(&words::WORDS, luck);
}

/// The kind of this name.
///
/// ```
/// use headwater_core::generator::kinds::kind;
/// assert!(kind("city").is_some() && kind("cite").is_none());
/// ```
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

fn text(text: &str) -> Drawn {
    Drawn::Text(text.to_owned())
}

fn pick(among: &'static [&'static str], luck: &mut Luck<'_>) -> Drawn {
    text(luck.chance.pick(among).copied().unwrap_or_default())
}

fn pick_number(among: &'static [i64], luck: &mut Luck<'_>) -> Drawn {
    Drawn::whole(luck.chance.pick(among).copied().unwrap_or_default())
}

/// The one that belongs to what the record is about.
fn about(among: &'static [&'static str], luck: &mut Luck<'_>) -> Drawn {
    text(among[(mixed(luck.about, 5) % among.len() as u64) as usize])
}

/// A number that follows from another one, and looks like chance.
fn mixed(about: u64, salt: u64) -> u64 {
    let mut mixed = about
        .wrapping_add(salt << 32)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^= mixed >> 29;
    mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 32)
}

fn place(luck: &Luck<'_>) -> &'static Place {
    let places = &words::PLACES;
    &places[(mixed(luck.about, 1) % places.len() as u64) as usize]
}

fn first_name(luck: &Luck<'_>) -> &'static str {
    let names = &words::FIRST_NAMES;
    names[(mixed(luck.about, 2) % names.len() as u64) as usize]
}

fn last_name(luck: &Luck<'_>) -> &'static str {
    let names = &words::LAST_NAMES;
    names[(mixed(luck.about, 3) % names.len() as u64) as usize]
}

fn full_name(luck: &mut Luck<'_>) -> Drawn {
    Drawn::Text(format!("{} {}", first_name(luck), last_name(luck)))
}

fn email(luck: &mut Luck<'_>) -> Drawn {
    let (first, last) = (
        first_name(luck).to_lowercase(),
        last_name(luck).to_lowercase(),
    );
    Drawn::Text(format!("{first}.{last}@example.com"))
}

fn user_name(luck: &mut Luck<'_>) -> Drawn {
    let number = mixed(luck.about, 4) % 90 + 10;
    Drawn::Text(format!("{}{number}", first_name(luck).to_lowercase()))
}

fn ip(luck: &mut Luck<'_>) -> Drawn {
    let about = mixed(luck.about, 6);
    let part = |shift: u32| (about >> shift) % 254 + 1;
    Drawn::Text(format!("10.{}.{}.{}", part(0), part(8), part(16)))
}

fn phone(luck: &mut Luck<'_>) -> Drawn {
    // These numbers are kept free for use in fiction.
    let number = mixed(luck.about, 7) % 1000;
    Drawn::Text(format!("+44 20 7946 {number:04}"))
}

fn postcode(luck: &mut Luck<'_>) -> Drawn {
    Drawn::Text(format!("{:05}", mixed(luck.about, 8) % 90_000 + 10_000))
}

fn street(luck: &mut Luck<'_>) -> Drawn {
    let about = mixed(luck.about, 9);
    let streets = &words::STREETS;
    let street = streets[(about % streets.len() as u64) as usize];
    Drawn::Text(format!("{} {street}", (about >> 8) % 120 + 1))
}

fn latitude(luck: &mut Luck<'_>) -> Drawn {
    degrees(place(luck).latitude, luck)
}

fn longitude(luck: &mut Luck<'_>) -> Drawn {
    degrees(place(luck).longitude, luck)
}

/// Within about five kilometres of a place.
fn degrees(centre: i64, luck: &mut Luck<'_>) -> Drawn {
    let moved = luck.chance.range(-500, 500);
    Drawn::Number {
        unscaled: centre + moved,
        scale: 4,
    }
}

fn page(luck: &mut Luck<'_>) -> Drawn {
    let page = luck.chance.pick(&words::PAGES).copied().unwrap_or_default();
    let number = luck.chance.range(1, 20);
    Drawn::Text(page.replace("{n}", &number.to_string()))
}

fn url(luck: &mut Luck<'_>) -> Drawn {
    match page(luck) {
        Drawn::Text(page) => Drawn::Text(format!("https://shop.example.com{page}")),
        other => other,
    }
}

fn uuid(luck: &mut Luck<'_>) -> Drawn {
    let (high, low) = (luck.chance.next_u64(), luck.chance.next_u64());
    Drawn::Text(format!(
        "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        8 + (low >> 62),
        (low >> 48) & 0xfff,
        low & 0xffff_ffff_ffff,
    ))
}
