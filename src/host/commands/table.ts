import { annotate } from './annotate.ts';
import { chooseDevice } from './chooseDevice.ts';
import { chooseModel } from './chooseModel.ts';
import { choosePrecision } from './choosePrecision.ts';
import { classifySelection, toggleLineClassification } from './classifySelection.ts';
import { clearHeat } from './clearHeat.ts';
import { createPythonEnvironment } from './createPythonEnvironment.ts';
import type { CommandTable } from './command.ts';
import { courseStep, openCourse } from './course.ts';
import { continueHere, stopContinuing } from './continueHere.ts';
import { deviceReport } from './deviceReport.ts';
import { cancelDownload, downloadModel } from './downloadModel.ts';
import { evaluationCommands } from './evaluations/index.ts';
import { fineTune } from './fineTune.ts';
import { editRequest, startRequest } from './startRequest.ts';
import { getDataset } from './getDataset.ts';
import { clearHuggingFaceToken, setHuggingFaceToken } from './huggingFaceToken.ts';
import { importModelFolder } from './importModelFolder.ts';
import { installCuda } from './installCuda.ts';
import { setJudgeKey } from './judgeKey.ts';
import { modelInfo } from './modelInfo.ts';
import { openDataset } from './openDataset.ts';
import { openSamples } from './openSamples.ts';
import { openSettings, refreshModels, restartEngine, showLog, showTokenProbabilities } from './plain.ts';
import { removeModel } from './removeModel.ts';
import { revealModel } from './revealModel.ts';
import { runCommands } from './runs/index.ts';
import { scoreFile } from './scoreFile.ts';
import { scorePerplexity } from './scorePerplexity.ts';
import { openAsChat, showChat } from './showChat.ts';
import { generateFromSelection, showGenerations } from './showGenerations.ts';
import { toggleHover } from './toggleHover.ts';
import { useModel } from './useModel.ts';
import { writeToken } from './writeToken.ts';

/** A run.json is in the active editor. */
const REQUEST_IS_OPEN = 'resourceFilename =~ /(^|\\.)run\\.json$/';

/** Every command and its home. `when: 'false'`: run from a hover or a view, which give it what it needs. */
export const commands: CommandTable = {
  'lmLab.scorePerplexity': { run: scorePerplexity, when: 'editorIsOpen' },
  'lmLab.scoreFile': { run: scoreFile, when: 'editorIsOpen' },
  'lmLab.clearHeat': { run: clearHeat, when: 'editorIsOpen' },
  'lmLab.showTokenProbabilities': { run: showTokenProbabilities },
  'lmLab.showChat': { run: showChat },
  'lmLab.openAsChat': { run: openAsChat, when: 'resourceLangId == json' },
  'lmLab.showGenerations': { run: showGenerations },
  'lmLab.generateFromSelection': { run: generateFromSelection, when: 'editorIsOpen' },
  'lmLab.continueHere': { run: continueHere, when: 'editorIsOpen' },
  'lmLab.stopContinuing': { run: stopContinuing, when: 'lmLab.continuing' },
  'lmLab.openDataset': { run: openDataset },
  'lmLab.getDataset': { run: getDataset },
  'lmLab.annotate': { run: annotate },
  'lmLab.fineTune': { run: fineTune },
  'lmLab.startRequest': { run: startRequest, when: REQUEST_IS_OPEN },
  'lmLab.editRequest': { run: editRequest, when: REQUEST_IS_OPEN },
  'lmLab.classifySelection': { run: classifySelection, when: 'editorIsOpen' },
  'lmLab.toggleLineClassification': { run: toggleLineClassification },
  'lmLab.toggleHover': { run: toggleHover },
  'lmLab.chooseModel': { run: chooseModel },
  'lmLab.useModel': { run: useModel },
  'lmLab.downloadModel': { run: downloadModel },
  'lmLab.cancelDownload': { run: cancelDownload, when: 'false' },
  'lmLab.importModelFolder': { run: importModelFolder },
  'lmLab.modelInfo': { run: modelInfo },
  'lmLab.revealModel': { run: revealModel },
  'lmLab.choosePrecision': { run: choosePrecision },
  'lmLab.removeModel': { run: removeModel },
  'lmLab.refreshModels': { run: refreshModels },
  'lmLab.setHuggingFaceToken': { run: setHuggingFaceToken },
  'lmLab.clearHuggingFaceToken': { run: clearHuggingFaceToken },
  'lmLab.setJudgeKey': { run: setJudgeKey },
  'lmLab.chooseDevice': { run: chooseDevice },
  'lmLab.deviceReport': { run: deviceReport },
  'lmLab.createPythonEnvironment': { run: createPythonEnvironment },
  'lmLab.installCuda': { run: installCuda, when: 'lmLab.canInstallCuda' },
  'lmLab.restartEngine': { run: restartEngine },
  'lmLab.showLog': { run: showLog },
  'lmLab.openSamples': { run: openSamples },
  'lmLab.openCourse': { run: openCourse },
  'lmLab.courseStep': { run: courseStep, when: 'false' },
  'lmLab.openSettings': { run: openSettings },
  'lmLab.writeToken': { run: writeToken, when: 'false' },
  ...runCommands,
  ...evaluationCommands,
};
