//! Learns the weights of the score from labelled examples: logistic regression with some weights held. Knows neither what the factors measure nor where examples come from.

/// What one claim's factors were for one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Example<const N: usize> {
    /// The factors.
    pub factors: [f64; N],
    /// Whether the message is about the claim.
    pub about: bool,
    /// How much it counts beside others; positive.
    pub weight: f64,
}

/// What was learned: the log-odds are the intercept plus each factor by its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model<const N: usize> {
    /// A weight for each factor.
    pub weights: [f64; N],
    /// The log-odds where every factor is 0.
    pub intercept: f64,
}

/// Below this a step changes no printed digit.
const SETTLED: f64 = 1e-9;
/// Newton's method needs about ten steps here.
const STEPS: usize = 100;
/// Keeps the division by a spread of a factor that never varies finite; it then learns nothing.
const LEAST_SPREAD: f64 = 1e-6;

/// Fits a model by Newton's method: the least mean loss plus `penalty` / 2 times the squared weights of the
/// standardised factors (ridge regression; le Cessie and van Houwelingen 1992). Where `held` has a weight, it
/// stays as it is. None where there are no examples, or where they do not determine a model.
pub fn learn<const N: usize>(
    examples: &[Example<N>],
    held: &[Option<f64>; N],
    penalty: f64,
) -> Option<Model<N>> {
    let total: f64 = examples.iter().map(|one| one.weight).sum();
    if total <= 0.0 {
        return None;
    }
    let scale = Scale::of(examples, total);
    let free: Vec<usize> =
        held.iter().enumerate().filter(|(_, held)| held.is_none()).map(|(at, _)| at).collect();
    // The last one is the intercept, which no penalty draws to 0.
    let mut found = vec![0.0; free.len() + 1];
    for _ in 0..STEPS {
        let size = found.len();
        let mut slope = vec![0.0; size];
        let mut curve = vec![vec![0.0; size]; size];
        for one in examples {
            let mut inputs = scale.standardised(one, &free);
            inputs.push(1.0);
            let given = held.iter().zip(one.factors).filter_map(|(held, f)| Some((*held)? * f));
            let odds = given.sum::<f64>() + dot(&inputs, &found);
            let chance = 1.0 / (1.0 + (-odds).exp());
            let share = one.weight / total;
            let error = share * (chance - f64::from(u8::from(one.about)));
            let bend = share * chance * (1.0 - chance);
            for (at, input) in inputs.iter().enumerate() {
                slope.get_mut(at).into_iter().for_each(|slope| *slope += error * input);
                for (cell, other) in curve.get_mut(at).into_iter().flatten().zip(&inputs) {
                    *cell += bend * input * other;
                }
            }
        }
        for (at, weight) in found.iter().enumerate().take(free.len()) {
            slope.get_mut(at).into_iter().for_each(|slope| *slope += penalty * weight);
            if let Some(cell) = curve.get_mut(at).and_then(|row| row.get_mut(at)) {
                *cell += penalty;
            }
        }
        let step = solve(curve, slope)?;
        found.iter_mut().zip(&step).for_each(|(weight, step)| *weight -= step);
        if step.iter().all(|step| step.abs() < SETTLED) {
            break;
        }
    }
    Some(scale.undone(&free, &found, held))
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// The mean and the spread of each factor.
struct Scale<const N: usize> {
    mean: [f64; N],
    spread: [f64; N],
}

impl<const N: usize> Scale<N> {
    fn of(examples: &[Example<N>], total: f64) -> Self {
        let mut mean = [0.0; N];
        let mut square = [0.0; N];
        for one in examples {
            let share = one.weight / total;
            for ((mean, square), factor) in mean.iter_mut().zip(&mut square).zip(one.factors) {
                *mean += share * factor;
                *square += share * factor * factor;
            }
        }
        let mut spread = square;
        for (spread, mean) in spread.iter_mut().zip(mean) {
            *spread = (*spread - mean * mean).max(0.0).sqrt() + LEAST_SPREAD;
        }
        Self { mean, spread }
    }

    fn standardised(&self, one: &Example<N>, free: &[usize]) -> Vec<f64> {
        let of = |at: &usize| {
            Some((one.factors.get(*at)? - self.mean.get(*at)?) / self.spread.get(*at)?)
        };
        free.iter().filter_map(of).collect()
    }

    /// The model for factors as they are measured.
    fn undone(&self, free: &[usize], found: &[f64], held: &[Option<f64>; N]) -> Model<N> {
        let mut weights = held.map(Option::unwrap_or_default);
        let mut intercept = found.last().copied().unwrap_or_default();
        for (at, weight) in free.iter().zip(found) {
            let (Some(place), Some(mean), Some(spread)) =
                (weights.get_mut(*at), self.mean.get(*at), self.spread.get(*at))
            else {
                continue;
            };
            *place = weight / spread;
            intercept -= *place * mean;
        }
        Model { weights, intercept }
    }
}

/// Solves a symmetric system by Gauss's elimination with the greatest pivot; none where it has no one solution.
fn solve(mut rows: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for at in 0..size {
        let reach =
            |row: &usize| rows.get(*row).and_then(|row| row.get(at)).map_or(0.0, |x| x.abs());
        let pivot = (at..size).max_by(|a, b| reach(a).total_cmp(&reach(b)))?;
        rows.swap(at, pivot);
        right.swap(at, pivot);
        let above = rows.get(at)?.clone();
        let corner = *above.get(at)?;
        if corner.abs() < f64::MIN_POSITIVE || !corner.is_finite() {
            return None;
        }
        let known = *right.get(at)?;
        for (row, value) in rows.iter_mut().zip(&mut right).skip(at + 1) {
            let factor = row.get(at)? / corner;
            row.iter_mut().zip(&above).for_each(|(cell, above)| *cell -= factor * above);
            *value -= factor * known;
        }
    }
    let mut solution = vec![0.0; size];
    for at in (0..size).rev() {
        let row = rows.get(at)?;
        let rest: f64 = row.iter().zip(&solution).skip(at + 1).map(|(cell, x)| cell * x).sum();
        *solution.get_mut(at)? = (right.get(at)? - rest) / row.get(at)?;
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::{Example, learn};

    /// Many examples of a known model, each outcome once with the weight of its chance.
    fn drawn(weights: [f64; 2], intercept: f64) -> Vec<Example<2>> {
        let mut examples = Vec::new();
        for a in -10_i32..=10 {
            for b in -10_i32..=10 {
                let factors = [f64::from(a) / 5.0, f64::from(b * b) / 25.0];
                let odds = intercept + weights[0] * factors[0] + weights[1] * factors[1];
                let chance = 1.0 / (1.0 + (-odds).exp());
                for (about, weight) in [(true, chance), (false, 1.0 - chance)] {
                    examples.push(Example { factors, about, weight });
                }
            }
        }
        examples
    }

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-3
    }

    #[test]
    fn the_model_that_made_the_examples_is_found_again() {
        let model = learn(&drawn([1.5, -0.8], -0.3), &[None, None], 0.0).expect("a model");
        assert!(close(model.weights[0], 1.5), "{model:?}");
        assert!(close(model.weights[1], -0.8), "{model:?}");
        assert!(close(model.intercept, -0.3), "{model:?}");
    }

    #[test]
    fn a_held_weight_stays_and_the_others_make_up_for_it() {
        let model = learn(&drawn([1.5, -0.8], -0.3), &[None, Some(0.0)], 0.0).expect("a model");
        assert!(close(model.weights[1], 0.0));
        assert!(model.intercept < -0.3, "what the second factor took off: {model:?}");
    }

    #[test]
    fn a_penalty_draws_weights_to_nothing() {
        let free = learn(&drawn([1.5, -0.8], -0.3), &[None, None], 0.0).expect("a model");
        let drawn_in = learn(&drawn([1.5, -0.8], -0.3), &[None, None], 1.0).expect("a model");
        assert!(drawn_in.weights[0] < free.weights[0] / 2.0);
    }

    #[test]
    fn without_examples_there_is_no_model() {
        assert_eq!(learn::<2>(&[], &[None, None], 0.01), None);
    }
}
