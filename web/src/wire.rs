//! What the page and its worker post to each other, and how it is packed: postcard's bytes.
//!
//! [`headwater_view::wire`] has the words of laboratory and front end; this adds the handshake and
//! a number that ties an answer to its question.

use gloo_worker::Codec;
use headwater_view::{Reply, Request};
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, UnwrapThrowExt};

/// The id of this build: equal in a page and a worker that were built together.
pub const BUILD: &str = env!("HEADWATER_BUILD");

/// From the page to the worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToWorker {
    /// The handshake: nothing is sent before its answer.
    Hello,
    /// A request and its number.
    Ask {
        /// Comes back with the answer.
        number: u64,
        /// What is asked.
        request: Request,
    },
}

/// From the worker to the page. `Ready` stays the first, so that builds that differ otherwise
/// still understand it.
#[derive(Debug, Serialize, Deserialize)]
pub enum FromWorker {
    /// The worker runs; `build` is its [`BUILD`].
    Ready {
        /// The worker's build id.
        build: String,
    },
    /// The answer to a request.
    Answer {
        /// The request's number.
        number: u64,
        /// What the engine says.
        reply: Reply,
    },
    /// The worker panicked and is gone: a bug of ours, with its words.
    Crashed {
        /// Where and why.
        message: String,
    },
}

/// Packs messages as postcard's bytes in a `Uint8Array`.
#[derive(Debug)]
pub struct Postcard;

impl Codec for Postcard {
    fn encode<I: Serialize>(input: I) -> JsValue {
        let bytes = postcard::to_stdvec(&input).expect_throw("a message can be packed");
        Uint8Array::from(bytes.as_slice()).into()
    }

    fn decode<O: for<'de> Deserialize<'de>>(input: JsValue) -> O {
        let bytes = Uint8Array::from(input).to_vec();
        postcard::from_bytes(&bytes).expect_throw("page and worker are of one build")
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn a_message_comes_out_as_it_went_in() {
        let request = Request::Tick { wall_ms: 16.5 };
        let packed = Postcard::encode(ToWorker::Ask { number: 7, request });
        assert!(packed.is_instance_of::<Uint8Array>());
        let ToWorker::Ask { number, request } = Postcard::decode(packed) else {
            panic!("another message came out");
        };
        assert_eq!((number, request), (7, Request::Tick { wall_ms: 16.5 }));
    }
}
