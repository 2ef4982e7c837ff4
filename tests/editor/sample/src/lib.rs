//! What an editor is asked about.

pub struct Client {
    pub name: String,
}

impl Client {
    pub async fn read(&mut self, count: usize) -> Result<Vec<u8>, String> {
        Ok(vec![0; count])
    }
}

#[coloop::coroutine]
pub async fn function(client: &mut Client, count: usize) -> Result<usize, String> {
    let mut total = 0usize;
    for round in 0..count {
        let bytes = client.read(round).await?;
        let length = bytes.len();
        total += length;
    }
    let text = format!("{total}");
    match text.parse::<usize>() {
        Ok(parsed) if parsed > 1 => Ok(parsed),
        _ => Ok(total),
    }
}

impl Client {
    #[coloop::coroutine]
    pub async fn method(self, suffix: &str) -> String {
        let name = self.name.clone();
        std::future::ready(()).await;
        let joined = name + suffix;
        joined
    }
}

#[coloop::coroutines]
pub mod module {
    pub async fn inner(number: u32) -> u32 {
        let doubled = number * 2;
        std::future::ready(doubled).await
    }
}

pub fn generator(limit: u32) {
    let items = coloop::gen!({
        let mut current = 0u32;
        while current < limit {
            let shown = current.to_string();
            let waited = std::future::ready(current).await;
            yield shown;
            current += waited;
        }
    });
    drop(items);
}

pub fn conversation() {
    let talk = coloop::gen!(|first: u32| -> Result<u64, String> {
        let mut total = u64::from(first);
        while total < 100 {
            let reply = yield total;
            let number: u32 = "1".parse().map_err(|_| "number".to_owned())?;
            total += u64::from(reply + number);
        }
        Ok(total)
    });
    drop(talk);
}

pub fn fallible(lines: &str) {
    let numbers = coloop::try_gen! {
        for line in lines.lines() {
            let parsed = line.parse::<u16>()?;
            yield parsed;
        }
        Err("no more".parse::<u16>().unwrap_err())
    };
    drop(numbers);
}

pub fn iterator(text: String) {
    let lengths = coloop::iter!(static || {
        for word in text.split(' ') {
            let length = word.len();
            yield length;
        }
    });
    drop(lengths);
}

pub fn over_a_stream(source: impl futures_core::Stream<Item = u8>) {
    let doubled = coloop::gen!({
        #[for_await]
        for byte in source {
            let wide = u16::from(byte);
            yield wide * 2;
        }
        yield_all!(other());
    });
    drop(doubled);
}

fn other() -> impl futures_core::Stream<Item = u16> {
    coloop::gen!({
        yield 1;
    })
}

pub async fn callers() -> usize {
    let mut client = Client { name: String::new() };
    let outcome = function(&mut client, 1).await;
    let answer = client.method("").await;
    outcome.unwrap_or_default() + answer.len()
}
