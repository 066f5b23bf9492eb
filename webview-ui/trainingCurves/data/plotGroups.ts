/** Who a curve is of: the steps as they are trained, or an evaluation. Evaluations are told apart by dashes and marks. */
export type CurveRole = 'steps' | 'validation' | 'train' | 'epoch';

export interface Curve {
  readonly metric: string;
  readonly label: string;
  readonly role: CurveRole;
  /** Noise that smoothing is for. */
  readonly noisy: boolean;
  /** Where a plot has several metrics: which of them, counted from 0, so that one's curves have one colour. */
  readonly kind?: number;
}

/** Curves that share a plot, as they share a unit. */
export interface PlotGroup {
  readonly id: string;
  readonly title: string;
  /** In one sentence: what is drawn. */
  readonly meaning: string;
  readonly share: boolean;
  /** The plots that a run is judged by; the others are smaller. */
  readonly main: boolean;
  readonly curves: readonly Curve[];
}

/** Columns that are drawn over, or that say the same as another one. */
const NOT_DRAWN = [
  'step',
  'epoch',
  'examplesSeen',
  'tokensSeen',
  'elapsedSeconds',
  'trainRewardsChosen',
  'trainRewardsRejected',
  'trainRewardsMargin',
  'trainLogpsChosen',
  'trainLogpsRejected',
  'trainRewardMean',
  'trainRewardMargin',
  'trainValueLoss',
  'trainReturnMean',
];

const curve = (metric: string, label: string, role: CurveRole = 'steps', noisy = role === 'steps'): Curve => ({
  metric,
  label,
  role,
  noisy,
});

/** Several metrics in one plot, each with its evaluations: `rewardsChosen`, drawn with `evalRewardsChosen`. */
const together = (...metrics: ReadonlyArray<readonly [metric: string, label: string]>): Curve[] =>
  metrics.flatMap(([metric, label], kind) => [
    { ...curve(metric, label), kind },
    { ...curve(`eval${capitalized(metric)}`, `${label}, validation`, 'validation'), kind },
  ]);

/** One metric in a plot of its own: the steps', then as evaluated on validation and on training rows. */
const evaluated = (metric: string): Curve[] => [
  curve(metric, 'train'),
  curve(`eval${capitalized(metric)}`, 'validation', 'validation'),
  curve(`train${capitalized(metric)}`, 'train, evaluated', 'train'),
];

const capitalized = (name: string): string => name.replace(/^./, first => first.toUpperCase());

type Known = Omit<PlotGroup, 'share' | 'main'> & Partial<Pick<PlotGroup, 'share' | 'main'>>;

const KNOWN: readonly Known[] = [
  {
    id: 'loss',
    title: 'Loss',
    meaning: 'What training lowers, in nats where it is over tokens or labels: less is better.',
    main: true,
    curves: [
      curve('loss', 'train'),
      curve('evalLoss', 'validation', 'validation'),
      curve('trainEvalLoss', 'train, evaluated', 'train'),
      curve('epochLoss', 'epoch mean', 'epoch'),
    ],
  },
  {
    id: 'accuracy',
    title: 'Accuracy',
    meaning: 'Share of rows whose label is predicted, or of pairs whose better answer scores higher.',
    main: true,
    share: true,
    curves: evaluated('accuracy'),
  },
  {
    id: 'rewards',
    title: 'Rewards',
    meaning: 'Beta times how much more likely the policy finds a completion than the reference does.',
    main: true,
    curves: together(['rewardsChosen', 'chosen'], ['rewardsRejected', 'rejected'], ['rewardsMargin', 'margin']),
  },
  {
    id: 'rewardsAccuracy',
    title: 'Reward accuracy',
    meaning: 'Share of pairs whose chosen completion has the higher reward.',
    share: true,
    curves: evaluated('rewardsAccuracy'),
  },
  {
    id: 'scores',
    title: 'Scores',
    meaning: 'What the reward model gives answers in the mean, and how much more to the better one of a pair.',
    main: true,
    curves: together(['rewardMargin', 'margin'], ['rewardMean', 'mean']),
  },
  {
    id: 'learningRate',
    title: 'Learning rate',
    meaning: 'The rate that each step used.',
    curves: [curve('learningRate', 'rate', 'steps', false)],
  },
  {
    id: 'gradientNorm',
    title: 'Gradient norm',
    meaning: 'Global norm of the gradient of each step, before it is clipped.',
    curves: [curve('gradientNorm', 'norm')],
  },
  {
    id: 'tokensPerSecond',
    title: 'Tokens per second',
    meaning: 'Tokens that training works through in a second.',
    curves: [curve('tokensPerSecond', 'tokens/s')],
  },
  {
    id: 'logps',
    title: 'Log-probability',
    meaning: 'Of whole completions, in nats.',
    curves: together(['logpsChosen', 'chosen'], ['logpsRejected', 'rejected']),
  },
  {
    id: 'scoreMean',
    title: 'Score of answers',
    meaning: 'What the reward model or the rule gives the policy’s answers in the mean.',
    main: true,
    curves: evaluated('scoreMean'),
  },
  {
    id: 'kl',
    title: 'KL divergence',
    meaning: 'How far answers are from those of the starting model, each as a whole, in nats.',
    main: true,
    curves: evaluated('kl'),
  },
  {
    id: 'entropy',
    title: 'Entropy',
    meaning: 'How open the policy is, over a whole answer, in nats: near 0 it always writes the same.',
    curves: evaluated('entropy'),
  },
  {
    id: 'policyLoss',
    title: 'Policy loss',
    meaning: 'The clipped loss of the policy, in the mean over the updates of a step.',
    curves: [curve('policyLoss', 'policy')],
  },
  {
    id: 'values',
    title: 'Value loss and returns',
    meaning: 'Half the squared error of the value head, and what it is to tell: what is still to come.',
    curves: together(['valueLoss', 'loss'], ['returnMean', 'returns']),
  },
  {
    id: 'clipFraction',
    title: 'Clip fraction',
    meaning: 'Share of tokens whose probability changed by more than the clip range.',
    share: true,
    curves: [curve('clipFraction', 'clipped')],
  },
  {
    id: 'approximateKl',
    title: 'KL divergence of updates',
    meaning: 'How far the updates of a step went from the policy that wrote its answers, in nats a token.',
    curves: [curve('approximateKl', 'approximate')],
  },
];

/** The plots of runs that have these metrics: those that are known in their order, then any other, one plot each. */
export function plotGroups(metrics: readonly string[]): PlotGroup[] {
  const known = KNOWN.map(group => ({
    share: false,
    main: false,
    ...group,
    curves: group.curves.filter(({ metric }) => metrics.includes(metric)),
  })).filter(({ curves }) => curves.length > 0);
  const drawn = new Set([...NOT_DRAWN, ...KNOWN.flatMap(({ curves }) => curves.map(({ metric }) => metric))]);
  const others = [...new Set(metrics.filter(metric => !drawn.has(metric)).map(baseOf))];
  return [...known, ...others.map(base => otherGroup(base, metrics))];
}

/** `evalScore` is drawn with `score`. */
const baseOf = (metric: string): string =>
  metric.replace(/^(eval|trainEval|train)(?=[A-Z])/, '').replace(/^./, first => first.toLowerCase());

function otherGroup(base: string, metrics: readonly string[]): PlotGroup {
  const capital = capitalized(base);
  const curves = [
    curve(base, 'train'),
    curve(`eval${capital}`, 'validation', 'validation'),
    curve(`trainEval${capital}`, 'train, evaluated', 'train'),
    curve(`train${capital}`, 'train, evaluated', 'train'),
  ];
  const words = capital.replaceAll(/([a-z0-9])([A-Z])/g, (_, end, start) => `${end} ${start.toLowerCase()}`);
  return {
    id: base,
    title: words,
    meaning: `${base}, as the run's metrics name it.`,
    share: /accuracy$|fraction$/i.test(base),
    main: false,
    curves: curves.filter(({ metric }) => metrics.includes(metric)),
  };
}
