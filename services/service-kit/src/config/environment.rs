use std::{collections::BTreeMap, env, fmt, str::FromStr};

/// The variables a service is configured with, and every fault found while reading them.
///
/// A read that fails is remembered instead of returned, so that [`finish`](Self::finish) can
/// report all of them at once.
///
/// ```
/// use service_kit::config::{ConfigError, Environment};
///
/// #[derive(Debug)]
/// struct Config {
///     greeting: String,
///     port: u16,
/// }
///
/// fn read(mut env: Environment) -> Result<Config, ConfigError> {
///     let greeting = env.or_default("GREETING", "hello".to_owned());
///     let port = env.required("PORT");
///     env.finish(|| Some(Config { greeting: greeting?, port: port? }))
/// }
///
/// let config = read(Environment::from_iter([("PORT", "8080")])).unwrap();
/// assert_eq!((config.greeting.as_str(), config.port), ("hello", 8080));
///
/// let error = read(Environment::from_iter([("PORT", "http")])).unwrap_err();
/// assert!(error.to_string().contains("PORT is not valid"));
/// ```
#[derive(Debug)]
pub struct Environment {
    variables: Variables,
    faults: Vec<Fault>,
}

impl Environment {
    /// The environment of this process. A variable that is set to nothing counts as not set.
    pub fn of_process() -> Self {
        env::vars_os()
            .map(|(name, value)| {
                let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
                (text(name), text(value))
            })
            .collect()
    }

    /// Reads a variable that has to be set.
    pub fn required<T>(&mut self, name: &'static str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        if self.variables.get(name).is_none() {
            self.faults.push(Fault::Missing(name));
        }
        self.parse(name)
    }

    /// Reads a variable, or takes `default` when it is not set.
    pub fn or_default<T>(&mut self, name: &'static str, default: T) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        match self.variables.get(name) {
            Some(_) => self.parse(name),
            None => Some(default),
        }
    }

    /// Builds the configuration if every read succeeded.
    ///
    /// # Panics
    ///
    /// When `build` returns `None` although nothing was found wrong: that is a bug in `build`.
    pub fn finish<C>(self, build: impl FnOnce() -> Option<C>) -> Result<C, ConfigError> {
        if self.faults.is_empty() {
            Ok(build().expect("every value was read without a fault"))
        } else {
            Err(ConfigError(self.faults))
        }
    }

    fn parse<T>(&mut self, name: &'static str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let parsed = self.variables.get(name)?.parse();
        parsed
            .map_err(|error: T::Err| self.faults.push(Fault::Invalid(name, error.to_string())))
            .ok()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self {
            variables: Variables(variables),
            faults: Vec::new(),
        }
    }
}

struct Variables(BTreeMap<String, String>);

impl Variables {
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

impl fmt::Debug for Variables {
    /// Names only: any value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Every variable that is missing or not valid. Values are left out: they may be secrets.
#[derive(Debug, thiserror::Error)]
pub struct ConfigError(Vec<Fault>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the environment does not configure this service:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

#[derive(Debug)]
enum Fault {
    Missing(&'static str),
    Invalid(&'static str, String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "{name} is not set"),
            Self::Invalid(name, reason) => write!(f, "{name} is not valid: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Environment;

    #[test]
    fn every_missing_and_every_invalid_variable_is_named_at_once() {
        let mut env = Environment::from_iter([("PORT", "eighty"), ("WORKERS", "-1")]);
        let _: Option<u16> = env.required("PORT");
        let _: Option<String> = env.required("DATABASE_URL");
        let _: Option<u8> = env.or_default("WORKERS", 4);

        let message = env.finish(|| Some(())).unwrap_err().to_string();

        for expected in [
            "PORT is not valid: invalid digit found in string",
            "DATABASE_URL is not set",
            "WORKERS is not valid: invalid digit found in string",
        ] {
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn a_variable_set_to_nothing_counts_as_not_set() {
        let mut env = Environment::from_iter([("PORT", "")]);

        assert_eq!(env.or_default("PORT", 7_u16), Some(7));
    }

    #[test]
    fn neither_an_error_nor_debug_output_repeats_a_value() {
        let mut env = Environment::from_iter([("PORT", "s3cret")]);
        let _: Option<u16> = env.required("PORT");
        let debug = format!("{env:?}");

        let error = env.finish(|| Some(())).unwrap_err();

        assert!(!debug.contains("s3cret"), "{debug}");
        assert!(
            !format!("{error} {error:?}").contains("s3cret"),
            "{error:?}"
        );
    }
}
