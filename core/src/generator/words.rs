//! Words that records are made of: names, places, things, sentences.

/// A city with what belongs to it; degrees times ten thousand.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) city: &'static str,
    pub(super) region: &'static str,
    pub(super) country: &'static str,
    pub(super) code: &'static str,
    pub(super) language: &'static str,
    pub(super) latitude: i64,
    pub(super) longitude: i64,
}

macro_rules! places {
    ($($city:literal $region:literal $country:literal $code:literal $language:literal
       $latitude:literal $longitude:literal;)*) => {
        [$(Place {
            city: $city,
            region: $region,
            country: $country,
            code: $code,
            language: $language,
            latitude: $latitude,
            longitude: $longitude,
        }),*]
    };
}

pub(super) static PLACES: [Place; 20] = places! {
    "Lisbon" "Lisboa" "Portugal" "PT" "pt" 387_223 -91_393;
    "Leeds" "Yorkshire" "United Kingdom" "GB" "en" 538_008 -15_491;
    "Berlin" "Berlin" "Germany" "DE" "de" 525_200 134_050;
    "Lyon" "Rhone" "France" "FR" "fr" 457_640 48_357;
    "Krakow" "Lesser Poland" "Poland" "PL" "pl" 500_647 199_450;
    "Oslo" "Oslo" "Norway" "NO" "no" 599_139 107_522;
    "Turin" "Piedmont" "Italy" "IT" "it" 450_703 76_869;
    "Seville" "Andalusia" "Spain" "ES" "es" 373_891 -59_845;
    "Toronto" "Ontario" "Canada" "CA" "en" 436_532 -793_832;
    "Denver" "Colorado" "United States" "US" "en" 397_392 -1_049_903;
    "Austin" "Texas" "United States" "US" "en" 302_672 -977_431;
    "Recife" "Pernambuco" "Brazil" "BR" "pt" -80_476 -348_770;
    "Cordoba" "Cordoba" "Argentina" "AR" "es" -314_201 -641_888;
    "Nairobi" "Nairobi" "Kenya" "KE" "sw" -12_921 368_219;
    "Accra" "Greater Accra" "Ghana" "GH" "en" 56_037 -1_870;
    "Pune" "Maharashtra" "India" "IN" "hi" 185_204 738_567;
    "Osaka" "Kansai" "Japan" "JP" "ja" 346_937 1_355_023;
    "Busan" "Busan" "South Korea" "KR" "ko" 351_796 1_290_756;
    "Hobart" "Tasmania" "Australia" "AU" "en" -428_821 1_473_272;
    "Wellington" "Wellington" "New Zealand" "NZ" "en" -412_865 1_747_762;
};

pub(super) static FIRST_NAMES: [&str; 30] = [
    "Ada", "Bela", "Chidi", "Dana", "Emil", "Farah", "Goran", "Hana", "Imre", "Jonas", "Kaia",
    "Leila", "Marco", "Nadia", "Otis", "Pilar", "Quinn", "Rosa", "Sami", "Tove", "Uma", "Viktor",
    "Wanda", "Xenia", "Yusuf", "Zora", "Anton", "Brita", "Cyril", "Delia",
];

pub(super) static LAST_NAMES: [&str; 29] = [
    "Moreau", "Okoye", "Lind", "Petrov", "Santos", "Weber", "Tanaka", "Kaur", "Novak", "Haddad",
    "Olsen", "Ricci", "Mensah", "Bauer", "Castro", "Dvorak", "Eriksen", "Farkas", "Gupta", "Holm",
    "Ivanova", "Jensen", "Kimura", "Larsen", "Mbeki", "Nowak", "Ortiz", "Quist", "Reyes",
];

pub(super) static COMPANIES: [&str; 12] = [
    "Northwind Mills",
    "Harbour and Sons",
    "Bluebell Foods",
    "Quarry Tools",
    "Lantern Press",
    "Saltmarsh Glass",
    "Fenland Dairy",
    "Copperline",
    "Orchard Works",
    "Tidewater Freight",
    "Greywood Paper",
    "Hilltop Bikes",
];

pub(super) static PRODUCTS: [&str; 16] = [
    "Copper kettle",
    "Wool blanket",
    "Oak stool",
    "Garden shears",
    "Linen apron",
    "Enamel mug",
    "Bicycle bell",
    "Desk lamp",
    "Field notebook",
    "Tin whistle",
    "Canvas bag",
    "Bread knife",
    "Rain cape",
    "Chess set",
    "Paper lantern",
    "Seed box",
];

pub(super) static CATEGORIES: [&str; 8] = [
    "books", "clothes", "garden", "kitchen", "music", "outdoors", "toys", "tools",
];
pub(super) static STREETS: [&str; 12] = [
    "Mill Lane",
    "Station Road",
    "Harbour Street",
    "Chapel Hill",
    "Orchard Close",
    "Bridge Street",
    "Fountain Square",
    "North Quay",
    "Market Place",
    "Castle View",
    "Willow Walk",
    "Forge Yard",
];
pub(super) static AGENTS: [&str; 4] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Mobile/15E148 Safari/604.1",
    "curl/8.5.0",
];
pub(super) static BROWSERS: [&str; 4] = ["Chrome", "Edge", "Firefox", "Safari"];
pub(super) static CHANNELS: [&str; 4] = ["mobile", "phone", "store", "web"];
pub(super) static COLOURS: [&str; 8] = [
    "amber", "blue", "green", "grey", "red", "teal", "violet", "white",
];
pub(super) static CURRENCIES: [&str; 5] = ["CHF", "EUR", "GBP", "JPY", "USD"];
pub(super) static DEPARTMENTS: [&str; 6] = [
    "Design",
    "Finance",
    "Logistics",
    "Operations",
    "Sales",
    "Support",
];
pub(super) static DEVICES: [&str; 4] = ["desktop", "phone", "tablet", "watch"];
pub(super) static GENDERS: [&str; 3] = ["female", "male", "other"];
pub(super) static METHODS: [&str; 5] = ["GET", "GET", "POST", "PUT", "DELETE"];
pub(super) static HTTP_STATUSES: [i64; 10] = [200, 200, 200, 200, 200, 201, 302, 404, 404, 500];
pub(super) static LEVELS: [&str; 4] = ["bronze", "silver", "gold", "platinum"];
pub(super) static PAYMENTS: [&str; 4] = ["card", "cash", "transfer", "voucher"];
pub(super) static SEVERITIES: [&str; 5] = ["DEBUG", "INFO", "INFO", "WARN", "ERROR"];
pub(super) static SIZES: [&str; 5] = ["XS", "S", "M", "L", "XL"];
pub(super) static STATUSES: [&str; 5] = ["NEW", "PAID", "SHIPPED", "DELIVERED", "CANCELLED"];
pub(super) static SYSTEMS: [&str; 5] = ["Android", "iOS", "Linux", "macOS", "Windows"];
pub(super) static UNITS: [&str; 5] = ["kg", "l", "m", "pcs", "box"];
pub(super) static WORDS: [&str; 16] = [
    "anchor", "basin", "cedar", "delta", "ember", "fjord", "garnet", "harbour", "island",
    "juniper", "kestrel", "lagoon", "meadow", "north", "orchid", "pebble",
];
pub(super) static TITLES: [&str; 8] = [
    "The quiet harbour",
    "A map of small rivers",
    "Nine winters",
    "Bread and salt",
    "The clockmaker's daughter",
    "Letters from the coast",
    "Under tall trees",
    "The last ferry",
];
pub(super) static PAGES: [&str; 8] = [
    "/",
    "/products",
    "/products/{n}",
    "/products/{n}",
    "/cart",
    "/checkout",
    "/help",
    "/search",
];
pub(super) static SENTENCES: [&str; 10] = [
    "Arrived a day early, well packed",
    "The handle came loose after a week",
    "Just what I was looking for",
    "Please call before you deliver",
    "Colour is not as in the picture",
    "Would order again",
    "The second one was missing from the box",
    "Very helpful on the phone",
    "Left with a neighbour, thank you",
    "Too small, but exchanged without fuss",
];
