//! Writes small GGUF files for tests, whole ones and broken ones.

/// A file in the making.
#[derive(Clone, Default)]
pub(crate) struct Writer {
    /// Version, counts: `None` for the true ones.
    pub(crate) tensor_count: Option<u64>,
    pub(crate) key_count: Option<u64>,
    pub(crate) keys: Vec<(String, Vec<u8>)>,
    /// Name, sizes, type, offset in the data.
    pub(crate) tensors: Vec<(String, Vec<u64>, u32, u64)>,
    pub(crate) data: Vec<u8>,
}

/// A text with its length.
pub(crate) fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

fn typed(kind: u32, bytes: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), bytes].concat()
}

impl Writer {
    /// Sets a key to a value of any kind.
    pub(crate) fn raw(mut self, key: &str, kind: u32, bytes: &[u8]) -> Self {
        self.keys.retain(|(name, _)| name != key);
        self.keys.push((key.into(), typed(kind, bytes)));
        self
    }

    pub(crate) fn int(self, key: &str, value: u32) -> Self {
        self.raw(key, 4, &value.to_le_bytes())
    }

    pub(crate) fn float(self, key: &str, value: f32) -> Self {
        self.raw(key, 6, &value.to_le_bytes())
    }

    pub(crate) fn text(self, key: &str, value: &str) -> Self {
        self.raw(key, 8, &string(value))
    }

    pub(crate) fn texts(self, key: &str, values: &[String]) -> Self {
        let items: Vec<u8> = values.iter().flat_map(|value| string(value)).collect();
        self.raw(
            key,
            9,
            &[&8_u32.to_le_bytes()[..], &(values.len() as u64).to_le_bytes(), &items].concat(),
        )
    }

    pub(crate) fn ints(self, key: &str, values: &[i32]) -> Self {
        let items: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.raw(
            key,
            9,
            &[&5_u32.to_le_bytes()[..], &(values.len() as u64).to_le_bytes(), &items].concat(),
        )
    }

    /// Adds a tensor of 32-bit numbers.
    pub(crate) fn tensor(
        mut self,
        name: &str,
        dims: &[u64],
        values: impl FnMut(u64) -> f32,
    ) -> Self {
        let offset = self.data.len() as u64;
        self.tensors.push((name.into(), dims.to_vec(), 0, offset));
        self.data.extend((0..dims.iter().product()).map(values).flat_map(f32::to_le_bytes));
        self.data.resize(self.data.len().next_multiple_of(32), 0);
        self
    }

    /// The bytes of the file.
    pub(crate) fn build(&self) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend(self.tensor_count.unwrap_or(self.tensors.len() as u64).to_le_bytes());
        bytes.extend(self.key_count.unwrap_or(self.keys.len() as u64).to_le_bytes());
        for (key, value) in &self.keys {
            bytes.extend(string(key));
            bytes.extend(value);
        }
        for (name, dims, kind, offset) in &self.tensors {
            bytes.extend(string(name));
            bytes.extend(u32::try_from(dims.len()).unwrap().to_le_bytes());
            dims.iter().for_each(|size| bytes.extend(size.to_le_bytes()));
            bytes.extend(kind.to_le_bytes());
            bytes.extend(offset.to_le_bytes());
        }
        bytes.resize(bytes.len().next_multiple_of(32), 0);
        [bytes, self.data.clone()].concat()
    }
}

/// The vocabulary of [`tiny`]: all bytes, one merge, two control tokens.
pub(crate) fn vocabulary() -> Vec<String> {
    let mut other = 0x100;
    let byte = |byte: u8| match byte {
        0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff => char::from(byte).to_string(),
        _ => {
            other += 1;
            char::from_u32(other - 1).unwrap().to_string()
        }
    };
    let mut tokens: Vec<String> = (0..=255).map(byte).collect();
    tokens.extend(["he", "<|start|>", "<|end|>"].map(String::from));
    tokens
}

/// A whole, tiny model of the Llama family, with weights that mean nothing.
pub(crate) fn tiny() -> Writer {
    let tokens = vocabulary();
    let mut kinds = vec![1; tokens.len()];
    kinds[257..].fill(3);
    let count = tokens.len() as u64;
    let mut writer = Writer::default()
        .text("general.architecture", "llama")
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "smollm")
        .texts("tokenizer.ggml.tokens", &tokens)
        .ints("tokenizer.ggml.token_type", &kinds)
        .texts("tokenizer.ggml.merges", &["h e".into()])
        .int("tokenizer.ggml.eos_token_id", 258)
        .text(
            "tokenizer.chat_template",
            "{% for m in messages %}<|start|>{{ m.role }}: {{ m.content }}<|end|>{% endfor %}<|start|>",
        );
    for (key, value) in [
        ("block_count", 1),
        ("context_length", 64),
        ("embedding_length", 32),
        ("feed_forward_length", 64),
        ("attention.head_count", 2),
        ("attention.head_count_kv", 1),
    ] {
        writer = writer.int(&format!("llama.{key}"), value);
    }
    writer = writer.float("llama.attention.layer_norm_rms_epsilon", 1e-5);
    let shapes: [(&str, &[u64]); 11] = [
        ("token_embd", &[32, count]),
        ("output_norm", &[32]),
        ("blk.0.attn_norm", &[32]),
        ("blk.0.attn_q", &[32, 32]),
        ("blk.0.attn_k", &[32, 16]),
        ("blk.0.attn_v", &[32, 16]),
        ("blk.0.attn_output", &[32, 32]),
        ("blk.0.ffn_norm", &[32]),
        ("blk.0.ffn_gate", &[32, 64]),
        ("blk.0.ffn_up", &[32, 64]),
        ("blk.0.ffn_down", &[64, 32]),
    ];
    for (seed, (name, dims)) in (1..).zip(shapes) {
        let value = |i: u64| ((i * 7919 + seed * 104_729) % 1009) as f32 / 504.5 - 1.0;
        writer = writer.tensor(&format!("{name}.weight"), dims, value);
    }
    writer
}
