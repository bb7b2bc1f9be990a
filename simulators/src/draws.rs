//! Seeded random draws that are the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers, fixed by its seed.
///
/// ChaCha and `libm` are used because both give the same bits on every platform; the standard
/// library's `ln` and `cos` do not promise that.
#[derive(Debug, Clone)]
pub struct Draws {
    stream: ChaCha8Rng,
}

impl Draws {
    /// The stream of one subject (a patient, an instrument) under a seed. Streams of different
    /// subjects are independent, so that a new draw in one does not move the others.
    pub fn new(seed: u64, subject: u64) -> Self {
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        stream.set_stream(subject);
        Self { stream }
    }

    /// Evenly spread over `low..high`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        // 53 bits fill a double's mantissa exactly.
        let unit = (self.stream.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        low + (high - low) * unit
    }

    /// Gaussian with the given mean and standard deviation (Box and Muller).
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform(0.0, 1.0)));
        mean + deviation * radius * libm::cos(self.uniform(0.0, core::f64::consts::TAU))
    }

    /// Gaussian, cut off at `low` and `high`.
    pub fn normal_within(&mut self, mean: f64, deviation: f64, low: f64, high: f64) -> f64 {
        self.normal(mean, deviation).clamp(low, high)
    }

    /// A factor around 1 whose logarithm is Gaussian with this deviation.
    pub fn lognormal(&mut self, deviation: f64) -> f64 {
        libm::exp(self.normal(0.0, deviation))
    }

    /// How often something happens that happens `mean` times on average, at most 100 times.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let none = libm::exp(-mean);
        let (mut times, mut left) = (0, self.uniform(0.0, 1.0));
        while left > none && times < 100 {
            left *= self.uniform(0.0, 1.0);
            times += 1;
        }
        times
    }

    /// True with this probability, 0..=1.
    pub fn chance(&mut self, often: f64) -> bool {
        self.uniform(0.0, 1.0) < often
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_subject_give_the_same_numbers_and_another_subject_others() {
        let first = |seed, subject| Draws::new(seed, subject).uniform(0.0, 1.0);
        assert_eq!(first(7, 1), first(7, 1));
        assert_ne!(first(7, 1), first(7, 2));
        assert_ne!(first(7, 1), first(8, 1));
    }

    #[test]
    fn normal_draws_have_the_mean_and_deviation_asked_for() {
        let mut draws = Draws::new(1, 1);
        let drawn: Vec<f64> = (0..20_000).map(|_| draws.normal(120.0, 12.5)).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let variance = drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 20_000.0;
        assert!((mean - 120.0).abs() < 0.4, "mean {mean}");
        assert!((libm::sqrt(variance) - 12.5).abs() < 0.3, "variance {variance}");
    }
}
