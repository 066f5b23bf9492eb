/** What a step of the course does when its button is pressed: opens a sample, selects something in it, runs a command. */
export interface CourseStep {
  readonly file?: string;
  /** What to select: the first place where this text stands; `all` of it. */
  readonly select?: string | { readonly all: true };
  readonly command?: `lmLab.${string}` | 'editor.action.showHover';
  /** The command is given the file, as menus give it. */
  readonly givesFile?: true;
}

/** The steps, by the names that the walkthrough's links use (package.nls.json, walkthrough.*). */
export const COURSE_STEPS: Readonly<Record<string, CourseStep>> = {
  score: { file: 'film-sentences.txt', select: { all: true }, command: 'lmLab.scorePerplexity' },
  hover: { file: 'hovering.txt', select: 'Ishmael', command: 'editor.action.showHover' },
  generate: { file: 'film-sentences.txt', select: 'The movie was full of', command: 'lmLab.generateFromSelection' },
  chat: { file: 'talk.json', command: 'lmLab.openAsChat' },
  dataset: { file: 'sms-spam.tsv', command: 'lmLab.openDataset', givesFile: true },
  spam: { file: 'course/spam.run.json', command: 'lmLab.startRequest', givesFile: true },
  classify: { file: 'sms-spam.tsv', select: 'Free entry in 2 a wkly comp', command: 'lmLab.classifySelection' },
  instructions: { file: 'course/instructions.run.json', command: 'lmLab.startRequest', givesFile: true },
  dpo: { file: 'course/dpo.run.json', command: 'lmLab.startRequest', givesFile: true },
};
