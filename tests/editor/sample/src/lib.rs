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
    let items = coloop::gen! {
        let mut current = 0u32;
        while current < limit {
            let shown = current.to_string();
            yield shown;
            current += 1;
        }
    };
    drop(items);
}

pub async fn callers() -> usize {
    let mut client = Client { name: String::new() };
    let outcome = function(&mut client, 1).await;
    let answer = client.method("").await;
    outcome.unwrap_or_default() + answer.len()
}
