// Runs a TensorFlow.js graph model on one input in TensorFlow.js' own runtime, and writes what it gives.
//
//   node run_tfjs.mjs MODULES MODEL.json INPUT.bin SHAPE OUTPUT_FOLDER [NODE ...]
//
// MODULES is a folder in which "npm install @tensorflow/tfjs@4" was run; INPUT.bin holds little-endian float32 values,
// whatever type the model takes; SHAPE is like 1,3,416,416. Each output becomes NUMBER.bin, with the names and shapes in
// outputs.json. Outputs are the nodes named, else those of the model.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [modules, modelPath, inputPath, shape, outputFolder, ...nodes] = process.argv.slice(2);
const tf = createRequire(join(modules, "package.json"))("@tensorflow/tfjs");

const floats = (buffer) => new Float32Array(buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength));
const document = JSON.parse(readFileSync(modelPath, "utf8"));
const files = document.weightsManifest.flatMap((group) => group.paths);
const weightData = Buffer.concat(files.map((file) => readFileSync(join(dirname(modelPath), file))));

await tf.setBackend("cpu");
const model = await tf.loadGraphModel(
  tf.io.fromMemory({
    modelTopology: document.modelTopology,
    weightSpecs: document.weightsManifest.flatMap((group) => group.weights),
    weightData: weightData.buffer.slice(weightData.byteOffset, weightData.byteOffset + weightData.byteLength),
    signature: document.signature,
    format: document.format,
  }),
);
const input = tf.tensor(
  floats(readFileSync(inputPath)),
  shape.split(",").map(Number),
  model.inputs[0].dtype ?? "float32",
);
const names = nodes.length ? nodes : model.outputs.map((output) => output.name);
const results = [model.execute({ [model.inputs[0].name]: input }, names)].flat();
const outputs = names.map((name, index) => ({ name, shape: results[index].shape }));
for (const [index, result] of results.entries()) {
  writeFileSync(join(outputFolder, `${index}.bin`), Buffer.from(result.dataSync().buffer));
}
writeFileSync(join(outputFolder, "outputs.json"), JSON.stringify({ version: tf.version.tfjs, outputs }));
