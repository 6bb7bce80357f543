//! Signs in with SigV4: AWS has no plugin for Rust.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use scylla::authentication::{AuthError, AuthenticatorProvider, AuthenticatorSession};
use sha2::{Digest, Sha256};

#[derive(Clone)]
pub struct SigV4 {
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
}

#[async_trait]
impl AuthenticatorProvider for SigV4 {
    async fn start_authentication_session(
        &self,
        _authenticator: &str,
    ) -> Result<(Option<Vec<u8>>, Box<dyn AuthenticatorSession>), AuthError> {
        Ok((Some(b"SigV4\0\0".to_vec()), Box::new(self.clone())))
    }
}

#[async_trait]
impl AuthenticatorSession for SigV4 {
    async fn evaluate_challenge(&mut self, token: Option<&[u8]>) -> Result<Option<Vec<u8>>, AuthError> {
        let challenge = String::from_utf8_lossy(token.unwrap_or_default()).into_owned();
        let nonce = challenge
            .split(',')
            .find_map(|part| part.strip_prefix("nonce="))
            .ok_or(format!("no nonce in the challenge {challenge}"))?;
        Ok(Some(self.answer(nonce, Utc::now()).into_bytes()))
    }

    async fn success(&mut self, _token: Option<&[u8]>) -> Result<(), AuthError> {
        Ok(())
    }
}

impl SigV4 {
    fn answer(&self, nonce: &str, now: DateTime<Utc>) -> String {
        let stamp = now.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let day = now.format("%Y%m%d").to_string();
        let scope = format!("{day}/{}/cassandra/aws4_request", self.region);
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}%2F{}&X-Amz-Date={}&X-Amz-Expires=900",
            self.access_key_id,
            scope.replace('/', "%2F"),
            stamp.replace(':', "%3A")
        );
        let request = format!("PUT\n/authenticate\n{query}\nhost:cassandra\n\nhost\n{}", hash(nonce));
        let text = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hash(&request));
        let secret = format!("AWS4{}", self.secret_access_key).into_bytes();
        let key = [&day, &self.region, "cassandra", "aws4_request"]
            .iter()
            .fold(secret, |key, part| hmac(&key, part));
        let signature = hex(&hmac(&key, &text));
        let token = self
            .session_token
            .iter()
            .map(|token| format!(",session_token={token}"))
            .collect::<String>();
        format!(
            "signature={signature},access_key={},amzdate={stamp}{token}",
            self.access_key_id
        )
    }
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
