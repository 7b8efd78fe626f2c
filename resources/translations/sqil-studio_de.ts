<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ActionValues</name>
    <message>
        <source>action %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>normalized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full precision</source>
        <translation type="unfinished">Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation type="unfinished">Quantisiert</translation>
    </message>
    <message>
        <source>action</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Benchmark</name>
    <message>
        <source>%1 trained at %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saliency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 on %2, 1 thread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 on %2, %3 threads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Latency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Energy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one step, median (ms)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weights (MB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>energy an action (mJ)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>times full precision</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BenchmarkBars</name>
    <message>
        <source>full precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch&apos;s quantizers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>time of a step over full precision&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one training step, median (ms)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this program, whole frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PyTorch, batched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>published loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>time of a frame over this program&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saliency of one frame, median (ms)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a Python loop on each core</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one Python loop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps a second, median</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps/s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DeviceUse</name>
    <message>
        <source>%1 % of a processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>processor %1 W</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU %1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU %1 W</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor&apos;s power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU power</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LayersFigure</name>
    <message>
        <source>alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all but it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean action gap over %1 steps, normalized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with these bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What %1 reads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the %1 most blamed of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layers of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 against %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Diagram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blame</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Layouts</name>
    <message>
        <source>Inspect</source>
        <translation>Untersuchen</translation>
    </message>
    <message>
        <source>Which states break, and why there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Start a repair, watch its loss, gap and success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Benchmark</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Latency, memory, energy and success of each policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Abbildungen</translation>
    </message>
    <message>
        <source>The views of a paper, each with its export menu</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PanelMaps</name>
    <message>
        <source>quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · %2 − full precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · full precision</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PaperFigures</name>
    <message>
        <source>action gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>critical states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T (top %1 %)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PathFiles</name>
    <message>
        <source>%1 in %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PathScene</name>
    <message>
        <source>not recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failure</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Perturbations</name>
    <message>
        <source>Local blur (Greydanus)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches set to the mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State dimensions set to the mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Local blur and state dimensions</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>%1 bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>floating point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>smallest and largest value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>99.9th percentile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>least squared error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time at work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 in %2 attempt(s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ran on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>density</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>time (s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SceneModel</name>
    <message>
        <source>is no MuJoCo model: the root element should be &lt;mujoco&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 meshes and height fields</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 included files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1=&quot;%2&quot;: expected numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1=&quot;%2&quot;: expected %3 numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>defaults are nested too deeply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bodies are nested too deeply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>has more than %1 geoms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>geom of type &quot;%1&quot;: not one that MuJoCo has</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>geom of type &quot;%1&quot; without a size</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SpaceRenderer</name>
    <message>
        <source>The 3-D module (libsqil_space.so) is not installed beside the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The 3-D module cannot be loaded: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This display has no OpenGL 3.2, which the 3-D view needs. Everything else works.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OpenGL refuses to draw on this display. Everything else works.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StepFacts</name>
    <message>
        <source>a number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 (top %3 %)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2 of %3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Return of the episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Importance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rank of the SIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold T</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (top %2 %)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action gap (normalized)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rank of the gap of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Divergence of the saliency maps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · full precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (Δ %2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · as recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>picture, %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2 px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 scaled with the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stride</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mask σ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blur σ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patch %1 px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>patch an eighth of the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perturbation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>States analysed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Project</source>
        <translation type="unfinished">Projekt</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation type="unfinished">Rollouts</translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>T %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · %1 s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ActionBars</name>
    <message>
        <source>Action by dimension</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Δ %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ActionsView</name>
    <message>
        <source>Nothing to compare with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a low-bit version of this policy, or drop one you have on the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantize…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No actions yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop rollouts (.hdf5) on this window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a policy (.pt2) on this window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Courses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps that the courses show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the episode the courses beneath the bars show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>± %1 steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole episode</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::AnalysisWorker</name>
    <message>
        <source>%1 cannot be written: what is computed now is not kept</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::BenchmarkView</name>
    <message>
        <source>best for its time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing measured yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure a policy&apos;s latency, memory and energy at each bit width on this machine, or drop reports of other machines here (JSON of “sqil bench”).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A benchmark as a job of this project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reports that “sqil bench … --json” has written on other machines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the report out of the project (Delete)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Benchmark reports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the benchmark plot shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kernels under the roofs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Success against latency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training step, relative</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saliency of a frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saliency of a frame, relative</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation type="unfinished">Rollouts</translation>
    </message>
    <message>
        <source>arithmetic intensity (operations a byte of weights)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>achieved (Gop/s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
%2
%3 Gop/s: %4 % of the arithmetic roof
%5 GB/s: %6 % of the reading roof</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 GB/s, %2 Gflop/s%3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>8-bit integers: %1 Gop/s%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one step, median (ms)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>success (% of episodes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2
%3 % of %4 episodes, 95 % interval %5 to %6 %
%7 ms a step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kernels: achieved operations a second under the machine&apos;s roofs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No kernels were measured. Measure… ▸ Benchmark kernels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No evaluation in this project is of a policy that was measured. Roll it out: Jobs ▸ New job… ▸ Evaluate.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No policy was measured, or none is ticked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of each way, with 95 % intervals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No training was measured, or none is ticked. Measure… ▸ Benchmark training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No saliency was measured, or none is ticked. Measure… ▸ Benchmark saliency.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No rollouts were measured, or none are ticked. Measure… ▸ Benchmark rollouts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No energy was measured: these machines show no counter that may be read. The reports&apos; tooltips say why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The ticked reports do not have it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import benchmark reports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reports of sqil bench (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95 % low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95 % high</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::BookmarkMenu</name>
    <message>
        <source>Bookmarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the bookmark of step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmark step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the note…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmark with a note…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No bookmarks yet: B marks the current step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · step %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and %1 more; F3 goes through them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note on %1, step %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is to be remembered of this step?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::CardDialog</name>
    <message>
        <source>Policy card of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The policy&apos;s file does not say all of this. What could be read off the policy and the rollouts is filled in; check it and complete the rest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What does not fit yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep this card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wants</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resize</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Std</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Becomes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The policy&apos;s input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape and element type that the policy wants; letters are dynamic dimensions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rollouts&apos; observation that feeds it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Element type and shape of one recorded step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Height×width in pixels, bilinear and antialiased; empty: as recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Factor before mean and std: 1/255 turns bytes into 0…1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subtracted: one number, or one a channel or dimension, separated by spaces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Divided by: one number, or one a channel or dimension, separated by spaces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape of one step as it reaches the policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether this feeds the input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inputs of the policy and the recorded keys that feed them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deterministic: the action itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Categorical: logits over actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gaussian: mean and log std</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Beta: alpha and beta</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token logits a dimension</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which of the policy&apos;s outputs, from 0:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Second output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Hz</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps a second at which the policy controls the robot; 0: not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Control rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Control &amp;rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dimension</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dimensions of the action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>normalized · scale + offset is in the unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Episode of the preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step of the preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key that feeds %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(choose)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (not recorded)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>–</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: “%2” is no number, or none that can be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rollouts have no steps to preview.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::CardPreviewPanel</name>
    <message>
        <source>As the policy sees it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its action there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In units</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The policy&apos;s action next to the recorded one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded: as it is in the file. Policy: its normalized output. In units: normalized value · scale + offset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running the policy on this step…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The policy runs as soon as every input is fed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: not fed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1:  %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 × %3 pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>action %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ColourBar</name>
    <message>
        <source>Colour scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>up to %1 %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command, episode, “step 120”, project or layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command, episode, step, project or layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is called “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · succeeded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ends at step %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to step %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::CurvesPlot</name>
    <message>
        <source>Curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: move. Double click: everything.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::DistributionBars</name>
    <message>
        <source>Distribution of the action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bin %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, bin %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::DockTitleBar</name>
    <message>
        <source>Export figure, data or copy of this view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Float %1, or put it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close %1 (View ▸ Panels opens it again)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::FigureDialog</name>
    <message>
        <source>Export figure: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>PDF (vector)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SVG (vector)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PNG (picture)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> dots per inch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution of the PNG picture; print asks for 300 to 600</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Height</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>×</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export figure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Figures (*.pdf *.svg *.png)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the file a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: there is no such folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” exists already. Replace it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One column (3.25 in)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two columns (6.75 in)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::FilterEdit</name>
    <message>
        <source>Filter: success = 0 and max_gap &gt; 0.5</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter of the episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns: %1.
Comparisons: = != &lt; &lt;= &gt; &gt;=; ~ asks whether a name contains a text in quotes.
Joined with and, or, not and parentheses. Values that are not known match no comparison.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::FramesView</name>
    <message>
        <source>Saliency shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Where the full-precision policy looks (1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Where the quantized policy looks (2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Quantized minus full precision (3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beide</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Überlagerung</translation>
    </message>
    <message>
        <source>Opacity of the saliency overlay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity of the saliency overlay: %1 % (+ and −)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour map of the saliency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour scale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the colours end: at the largest score of the frame, which shows faint maps, or of the episode, which makes frames comparable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale: frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scale: episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>No rollouts to look at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop recorded rollouts (.hdf5) on this window, or add them with File ▸ Add files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These rollouts have no steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every episode in %1 is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These rollouts have no camera.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ΔS, quantized − full precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saliency S = ½|Δπ|²</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This picture&apos;s format cannot be shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analysed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>computing saliency…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x %1, y %2 px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, step %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (%1 s)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saliency S</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantized − full precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>difference ΔS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saliency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x (px)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>y (px)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S full precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlay…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opacity, colours and scale of the saliency, and the perturbation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full precision and every compared policy side by side (4)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full precision, every compared policy and their differences (5)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Perturbation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows the picture as the policy saw it with the place under the mouse perturbed (while Alt is held, or always with this button)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · ΔS %1 at place %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · S %1 at place %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Δ %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::GraphView</name>
    <message>
        <source>Graph of the policy</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::HistogramPlot</name>
    <message>
        <source>Area: %1; bars: %2. Each has its own scale.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::InspectorView</name>
    <message>
        <source>Name</source>
        <translation type="unfinished">Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything known of the current step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No step selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open rollouts: everything known of the step under the cursor is listed here, to be searched and copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy everything as &amp;text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy everything as &amp;JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search names and values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything in this list to the clipboard, as text; or as JSON for programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As &amp;text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As &amp;JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, step %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>section</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>value</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::IntervalBars</name>
    <message>
        <source>95 % interval of the median: %1 to %2 %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobCurves</name>
    <message>
        <source>Loss terms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>D at critical states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>D at other states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held-out action gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>gap, normalized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantizer steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>γ, geometric mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>activations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>‖∇L‖₂</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>norm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>share of episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95 % interval, low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>95 % interval, high</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Return</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>return</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>use, %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>processor, % of one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>memory, MiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the job&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU, all programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Power</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>power, W</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>processors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the plot shows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exponential average over the past; the values stay behind it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>minutes since the start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>episodes or policies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one job, or several to compare them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing measured yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not measured:
%1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobDialog</name>
    <message>
        <source>New job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished">Name</translation>
    </message>
    <message>
        <source>What the job is called in the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;All settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repeat for each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1,2,3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One job for each seed, as one entry that unfolds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4,8</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One job for each bit width of the weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyse first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS of all recorded steps, into the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Then roll out in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Success and return of the trained policy in a simulator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simulator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Then measure a training step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time of a quantized training step against full precision and PyTorch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When and where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs on one device wait for each other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slurm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger comes first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Priority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time and memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure a few steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs a small part of the job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This kind of job cannot be measured in part</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n jobs, as one entry of the queue.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobEstimator</name>
    <message>
        <source>It could not be measured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About %1: %2 of setting up, then %3 %4 of %5 each. Memory: %6 GiB.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobForm</name>
    <message>
        <source>
Unit: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>
Standard: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>
On the command line: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Policies (*.pt2 *.pt *.zip)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rollouts (*.hdf5 *.h5)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the job&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file for %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobLog</name>
    <message>
        <source>error  </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>warning  </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Levels shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines with this text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobNotices</name>
    <message>
        <source>%1 % of %2 episodes succeed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>action gap on held-out states %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” has finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” has finished: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” has failed: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” was stopped; it can be resumed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQIL Studio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 running, %2 waiting, %3 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No job is running</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobParameters</name>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing: the same parameters</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobsModel</name>
    <message>
        <source>stopping</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pausing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>queued</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waits for %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ran %1, attempt %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2/%3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::JobsView</name>
    <message>
        <source>No jobs yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair the quantized policy by training, roll it out in a simulator, or measure it. Jobs go on when the window is closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished">Fortsetzen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new job with these parameters, to be changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop; training keeps a checkpoint and can be resumed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take it out of the list; the files it has made stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare in the workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the policy that this job has made beside the full-precision one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summary…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write this job&apos;s summary page as HTML or PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of the job</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Curves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2 of %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n jobs</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>New job like “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Higher priority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower priority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>summary.html</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web page (*.html);;PDF (*.pdf)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::LayersModel</name>
    <message>
        <source>float</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean action gap over %1 recorded steps when this layer alone is quantized (normalized units)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean action gap when every layer but this one is quantized (normalized units); all: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys 2 to 8 set the weights&apos; bits of the selected rows, 0 floating point; with Alt the activations&apos;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input of the policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
in module %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Params</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All but</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Modules, layers and operators of the policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ATen operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape of the result; N is the batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers that the operator reads as parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits of a weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits of what the layer reads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blame: mean action gap when the layer alone is quantized (normalized units)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean action gap when all layers but this one are quantized (normalized units)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::LayersView</name>
    <message numerus="yes">
        <source>%n operator(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n layer(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1
Double click or Return: show its parts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input of the policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Output: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Below: bits of weights and activations, and the gap that the layer makes alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blaming layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggest bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest mean action gap (normalized units) over %1 recorded steps:
now %2 in this episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for low bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the suggested bits (%1 a weight)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Policies (*.pt2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving the policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>float</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Set weights of %1 to %2 bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set activations of %1 to %2 bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset the layers&apos; bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits of the selected layers&apos; weights (keys 2 to 8, 0: floating point)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bits of what the selected layers read (Alt+2 to Alt+8, Alt+0: floating point)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blame, suggestions, files, colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every layer as in the quantized policy again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sug&amp;gest bits…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Low weight bits for every layer within a budget for the action gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save as policy…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write these bits as a policy (.pt2) and compare it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Blame layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantize each layer alone, and all but each, over recorded steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour by b&amp;lame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour by weight bi&amp;ts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours of the diagram&apos;s boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Fit the diagram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click beside a box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Unfold every module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A double click on a box folds or unfolds its module</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;old to fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As many modules as leave the diagram readable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The compared policy whose layers are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;W</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action gap over the episode&apos;s steps, normalized units</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with these bits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quantized</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the layer reads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These layers cannot be looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another policy…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No layers yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop rollouts (.hdf5) on this window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a policy (.pt2) on this window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the layers…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap of %1: being computed…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap of %1: mean &lt;b&gt;%2&lt;/b&gt;, largest &lt;b&gt;%3&lt;/b&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap of %1: mean %2 → &lt;b&gt;%3&lt;/b&gt;, largest %4 → &lt;b&gt;%5&lt;/b&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>colour: bits of the weights, fewer are brighter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>colour: blame, more is brighter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a layer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::LayoutSwitcher</name>
    <message>
        <source>Your own layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save as own layout…</source>
        <translation>Als &amp;eigene Anordnung speichern …</translation>
    </message>
    <message>
        <source>Re&amp;name “%1”…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete “%1”…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset to its original arrangement</source>
        <translation>Auf die &amp;ursprüngliche Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the layout:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” is a layout of the program. Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New name of “%1”:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the layout “%1”?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::MainWindow</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;New project…</source>
        <translation>&amp;Neues Projekt …</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Add files to the project…</source>
        <translation>Dateien zum Projekt &amp;hinzufügen …</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;sample</source>
        <translation>&amp;Beispiel öffnen</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Save project &amp;as…</source>
        <translation>Projekt speichern &amp;unter …</translation>
    </message>
    <message>
        <source>Ctrl+Shift+S</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export figures…</source>
        <translation>&amp;Abbildungen exportieren …</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export a &amp;view</source>
        <translation>Eine A&amp;nsicht exportieren</translation>
    </message>
    <message>
        <source>&amp;Close project</source>
        <translation>Projekt s&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Ctrl+Q</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find a command…</source>
        <translation>Befehl &amp;finden …</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Shift+P</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saliency of the &amp;full-precision policy</source>
        <translation>Salienz der Policy in &amp;voller Genauigkeit</translation>
    </message>
    <message>
        <source>Saliency of the &amp;quantized policy</source>
        <translation>Salienz der &amp;quantisierten Policy</translation>
    </message>
    <message>
        <source>&amp;Difference of the two</source>
        <translation>&amp;Differenz der beiden</translation>
    </message>
    <message>
        <source>&amp;Both side by side</source>
        <translation>&amp;Beide nebeneinander</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Thema</translation>
    </message>
    <message>
        <source>Follow the &amp;system</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Overlay &amp;stronger</source>
        <translation>Überlagerung &amp;stärker</translation>
    </message>
    <message>
        <source>Overlay &amp;weaker</source>
        <translation>Überlagerung s&amp;chwächer</translation>
    </message>
    <message>
        <source>&amp;Colour map</source>
        <translation>&amp;Farbskala</translation>
    </message>
    <message>
        <source>S&amp;mooth pictures</source>
        <translation>Bilder &amp;glätten</translation>
    </message>
    <message>
        <source>Colour scale of the whole &amp;episode</source>
        <translation>Farbskala der ganzen &amp;Episode</translation>
    </message>
    <message>
        <source>Timeline: show the &amp;whole episode</source>
        <translation>Zeitleiste: &amp;ganze Episode zeigen</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>&amp;Anordnung</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>&amp;Bereiche</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (Ctrl+%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>&amp;Gehe zu</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>A&amp;bspielen</translation>
    </message>
    <message>
        <source>Step &amp;back</source>
        <translation>Schritt &amp;zurück</translation>
    </message>
    <message>
        <source>Step &amp;forward</source>
        <translation>Schritt &amp;vor</translation>
    </message>
    <message>
        <source>Ten steps back</source>
        <translation>Zehn Schritte zurück</translation>
    </message>
    <message>
        <source>Shift+Left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ten steps forward</source>
        <translation>Zehn Schritte vor</translation>
    </message>
    <message>
        <source>Shift+Right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First step</source>
        <translation>Erster Schritt</translation>
    </message>
    <message>
        <source>Last step</source>
        <translation>Letzter Schritt</translation>
    </message>
    <message>
        <source>&amp;Next critical states</source>
        <translation>&amp;Nächste kritische Zustände</translation>
    </message>
    <message>
        <source>P&amp;revious critical states</source>
        <translation>Vo&amp;rige kritische Zustände</translation>
    </message>
    <message>
        <source>Next largest &amp;gap</source>
        <translation>Nächstgrößte &amp;Abweichung</translation>
    </message>
    <message>
        <source>Next &amp;episode</source>
        <translation>Nächste &amp;Episode</translation>
    </message>
    <message>
        <source>Ctrl+Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pre&amp;vious episode</source>
        <translation>Vo&amp;rige Episode</translation>
    </message>
    <message>
        <source>Ctrl+Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Analysis</source>
        <translation>A&amp;nalyse</translation>
    </message>
    <message>
        <source>&amp;Quantize…</source>
        <translation>&amp;Quantisieren …</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Q</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Perturbation</source>
        <translation>&amp;Störung</translation>
    </message>
    <message>
        <source>&amp;Stop or resume</source>
        <translation>An&amp;halten oder fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Compute everything again</source>
        <translation>&amp;Alles neu berechnen</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keyboard and mouse</source>
        <translation>&amp;Tastatur und Maus</translation>
    </message>
    <message>
        <source>&amp;About SQIL Studio</source>
        <translation>&amp;Über SQIL Studio</translation>
    </message>
    <message>
        <source>All it knows (*.sqil *.pt2 *.pt *.zip *.hdf5 *.h5);;Projects (*.sqil);;Policies (*.pt2 *.pt *.zip);;Rollouts (*.hdf5 *.h5)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQIL Studio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture of %1 copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Actions</source>
        <translation>Aktionen</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play at the control rate (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 – SQIL Studio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add files to the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Projects (*.sqil)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the project as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for the figures</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written to %1</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>About SQIL Studio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&lt;b&gt;SQIL Studio %1&lt;/b&gt;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Visual analysis and repair of quantized robot policies.&lt;br&gt;&lt;br&gt;SQIL: Saliency-aware Quantized Imitation Learning (ICCV 2025, arXiv 2505.15304).&lt;br&gt;Licence: GPL-3.0-or-later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;All: both and their difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline: zoom &amp;in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl++</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+=</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline: zoom &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+-</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline: earlier steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline: later steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline: all episodes, or &amp;one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First &amp;divergence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Bookmark this step, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmark with a n&amp;ote…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next boo&amp;kmark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous bookmark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+F3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Repair by training…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+R</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;New job…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+J</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure a &amp;policy…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Import benchmark reports…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Show the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Shift+J</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scatter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation type="unfinished">Rollouts</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Benchmark</source>
        <translation type="unfinished">Messen</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trajectory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (recovered, not saved) – SQIL Studio</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::MatrixPlot</name>
    <message>
        <source>share of the episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::MatrixView</name>
    <message>
        <source>All episodes: a row each, over their steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the colours show, step by step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order of the episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the episodes are sorted by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By data set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By largest gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By mean SIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Descending order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest first; click for largest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest first; click for smallest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Critical states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Critical states keep their colours, all other steps turn grey</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No steps are picked out any more (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options of the matrix</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How steps become cells and colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cells show the mean of their steps, not the largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours end at the largest value, not at the 99th percentile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Episodes are stretched to one width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>picked out: %1 steps of %2 episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>largest %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · %1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>action gap %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No episodes to compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a policy (.pt2) on this window: SIS of every episode appears here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop recorded rollouts (.hdf5) on this window.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::MessageBar</name>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::OverlayMenu</name>
    <message>
        <source>&amp;Other rollouts over these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rollouts to lay over these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rollouts (*.hdf5 *.h5)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::PositionChooser</name>
    <message>
        <source>The observation that is the position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Element of the observation that is %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::PrecisionRecallPlot</name>
    <message>
        <source>recall</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chance</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop what is running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · %1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysis stopped · %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysing · %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysing %1 · %2 · %3 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysing %1 · %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 states analysed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ProjectModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Policies</source>
        <translation>Policies</translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation>Rollouts</translation>
    </message>
    <message>
        <source>full precision, in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quantized, in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quantized, compared by its actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
%2 episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rollouts, in use</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ProjectNotices</name>
    <message>
        <source>A policy, its card or the rollouts have changed since these results were computed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compute again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: not where the project says (%2). Find one, and the others are looked for beside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find %1…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where is %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%1);;The same kind (*%2);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” has no card that fits these rollouts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the card…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is damaged. What can be read of it is shown from a copy: %2. The damaged file stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save a repaired copy as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is damaged inside (%2). Nothing more should be written to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open what can be read</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ProjectView</name>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>No project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop files on this window, or open the sample.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare as the quantized policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare as the full-precision policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare its actions as well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantize…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show these rollouts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Locate the file…</source>
        <translation>Datei suchen …</translation>
    </message>
    <message>
        <source>Remove from the project…</source>
        <translation>Aus dem Projekt entfernen …</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove “%1” from the project?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where is “%1”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Policies (*.pt2 *.pt *.zip)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rollouts (*.hdf5 *.h5)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename the policy or rollouts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the card…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The analyses that use it go with it; Undo brings all back as long as the project is open. The file itself stays where it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New name of “%1”:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::QuantizeDialog</name>
    <message>
        <source>Quantize a policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A low-bit version of “%1” is made after training (round to nearest), calibrated on the open rollouts, and added to the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>output channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>group of inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One scale per</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range of weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Activations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range of activations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calibrated on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose fewer bits for weights or activations.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result is called %1.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::RecentButton</name>
    <message>
        <source>Open %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::RecentFiles</name>
    <message>
        <source>Clear the list</source>
        <translation>Liste leeren</translation>
    </message>
</context>
<context>
    <name>sqil::RolloutsModel</name>
    <message>
        <source>not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>succeeded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::RolloutsView</name>
    <message>
        <source>What the filter does not say clearly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No rollouts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop recorded rollouts (.hdf5) on this window: their episodes are listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 episodes are shown</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ScatterView</name>
    <message>
        <source>SIS against action gap, a point a step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose action gap is shown against SIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log axes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logarithmic axes: small values have as much room as large ones; zeros have no place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Large gaps:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How large gaps are chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which gaps are large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The top p % of all gaps count as large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gaps above this value (normalized units) count as large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correlation of SIS and gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS as a detector of large gaps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precision over recall of SIS as a detector of large gaps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS (mean S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>action gap (normalized)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at T</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 steps; Pearson r %2, Spearman ρ %3; average precision %4 (chance %5)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No step has both SIS and a gap yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished">Schritte</translation>
    </message>
    <message>
        <source>Pearson r</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spearman ρ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 steps of %2 episodes.
In brackets the 95 % interval %3.
Taking steps as independent: Pearson %4, Spearman %5 – too narrow, for the steps of an episode resemble each other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>over whole episodes (bootstrap)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>over steps (too few episodes for a bootstrap)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Average precision</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, chance %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At the threshold T</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>precision %1, recall %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS as a detector of gaps above %1: %2 of %3 steps have one.
It needs no quantized policy; chance is the share of such steps. T is the threshold of the critical states.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, up to %1 at one place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, %1 of them zero: not shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, %1 picked out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to set against SIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a low-bit version of the policy (Analysis ▸ Quantize), or drop one on this window: its action gap is shown against SIS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a policy (.pt2), its quantized version and rollouts (.hdf5) on this window.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::Selection</name>
    <message>
        <source>Change critical share to %1 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove a bookmark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmark a step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change a bookmark&apos;s note</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ShortcutsSheet</name>
    <message>
        <source>Keyboard and mouse</source>
        <translation>Tastatur und Maus</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Timeline: move the cursor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>click, drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline: zoom at the mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline: pan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>middle drag, Shift+drag, Shift+wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline: whole episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>double click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture: zoom, pan, fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wheel, drag, double click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action courses: move the cursor</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::SpaceView</name>
    <message>
        <source>Paths in space</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::StateStrip</name>
    <message>
        <source>%1[%2]: S %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::StudioSession</name>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creating %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sample is not there: expected resources/sample beside the program. Drop a policy (.pt2) and rollouts (.hdf5) of your own on the window instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: not a kind of file this program knows; expected a policy (.pt2, .pt, .zip), rollouts (.hdf5) or a project (.sqil)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 policies are compared already; leave one out first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantizing to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading benchmark reports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a benchmark report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import %1 benchmark reports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the benchmark “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another perturbation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename “%1” to “%2”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the card of “%1”</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Locate %n file(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n file(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Checking the card of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A card says which recorded keys feed the policy: add rollouts first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading what is left of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: no step has a gap among the largest %2 % of the data set (above %3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::TimelinePlot</name>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
</context>
<context>
    <name>sqil::TimelineView</name>
    <message>
        <source>SIS and action gap over the steps of the episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Playing speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Playing speed: 1× is the policy&apos;s control rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1×</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Critical: top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of states that are critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · step %2 of %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · %1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold T: SIS %1, over %2 of %3 states of the data set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No policy to analyse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop the full-precision policy (.pt2) on this window: SIS and the action gap appear here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No episode selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The timeline shows SIS and the action gap over an episode&apos;s steps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The steps of this episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The steps of all episodes, one after the other (A)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Critical states are those whose SIS is among the highest p % of the whole data set. The dashed line in the SIS lane can be dragged, too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lanes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmarks and notes (B marks the step, Shift+B with a note)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which lanes are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · top %1 % · %2 states critical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>5 % largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 states so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the bookmark of step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmark step %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bookmark with a note…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::TrajectoryView</name>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which paths, and where to look from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the paths&apos; colours say</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SIS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded policy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The episode al&amp;one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path of the episode that is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All that &amp;began as it did</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Episodes with the same recorded seed, of every policy and file; balls show where each is at this step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;All episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every path that was read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Critical states as balls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Camera frame at the c&amp;ursor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Orthographic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Isometric</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the &amp;front</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the &amp;side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From abo&amp;ve</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show &amp;everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scene from a &amp;MuJoCo model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Without a scene</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No 3-D view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No path yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop rollouts (.hdf5) on this window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No positions in these rollouts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of their observations is a vector of numbers that could be a place in space.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the path&apos;s settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeping the path&apos;s settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading paths</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out of the paths: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>x</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>z</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 episode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 critical of %2 states</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of %1 episodes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not shown: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MuJoCo model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MuJoCo models (*.xml *.mjcf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the scene</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::Unattended</name>
    <message>
        <source>There is no episode “%1” in these rollouts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no panel “%1”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the file is not there; was it moved?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::ViewExporter</name>
    <message>
        <source>%1 shows nothing yet that could be exported: open rollouts and a policy, and choose an episode first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export &amp;figure…</source>
        <translation>&amp;Abbildung exportieren …</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>Bild &amp;kopieren</translation>
    </message>
    <message>
        <source>Export &amp;data as CSV…</source>
        <translation>&amp;Daten als CSV exportieren …</translation>
    </message>
    <message>
        <source>Export the data of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sqil::WelcomePage</name>
    <message>
        <source>not there any more</source>
        <translation>nicht mehr da</translation>
    </message>
    <message>
        <source>damaged: opens what can be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot be opened</source>
        <translation>lässt sich nicht öffnen</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) moved</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>1 policy</source>
        <translation>1 Policy</translation>
    </message>
    <message>
        <source>%1 policies</source>
        <translation>%1 Policies</translation>
    </message>
    <message>
        <source>SQIL Studio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See which states of a robot policy matter, where it looks, and where its quantized version acts differently.</source>
        <translation>Sehen, welche Zustände einer Roboter-Policy zählen, wohin sie schaut und wo ihre quantisierte Fassung anders handelt.</translation>
    </message>
    <message>
        <source>Drop a policy (.pt2, .pt, .zip), recorded rollouts (.hdf5) or a project (.sqil) here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>A pick-and-place policy, its 4-bit version that fails, and rollouts of both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>Dateien öffnen …</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Looking at recent projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair the sample…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the sample and train its 4-bit policy with saliency-weighted distillation</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
