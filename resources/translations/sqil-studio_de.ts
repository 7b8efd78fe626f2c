<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ActionValues</name>
    <message>
        <source>action %1</source>
        <translation>Aktion %1</translation>
    </message>
    <message>
        <source>normalized</source>
        <translation>normiert</translation>
    </message>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>action</source>
        <translation>Aktion</translation>
    </message>
</context>
<context>
    <name>Benchmark</name>
    <message>
        <source>%1 trained at %2</source>
        <translation>%1, trainiert mit %2</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>saliency</source>
        <translation>Salienz</translation>
    </message>
    <message>
        <source>unknown machine</source>
        <translation>unbekannter Rechner</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 auf %2</translation>
    </message>
    <message>
        <source>%1 on %2, 1 thread</source>
        <translation>%1 auf %2, 1 Thread</translation>
    </message>
    <message>
        <source>%1 on %2, %3 threads</source>
        <translation>%1 auf %2, %3 Threads</translation>
    </message>
    <message>
        <source>Measured %1</source>
        <translation>%1 gemessen</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latenz</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>Energie</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>Beschleunigung</translation>
    </message>
    <message>
        <source>one step, median (ms)</source>
        <translation>ein Schritt, Median (ms)</translation>
    </message>
    <message>
        <source>weights (MB)</source>
        <translation>Gewichte (MB)</translation>
    </message>
    <message>
        <source>energy an action (mJ)</source>
        <translation>Energie je Aktion (mJ)</translation>
    </message>
    <message>
        <source>times full precision</source>
        <translation>mal volle Genauigkeit</translation>
    </message>
    <message>
        <source>no. %1</source>
        <translation>Nr. %1</translation>
    </message>
</context>
<context>
    <name>BenchmarkBars</name>
    <message>
        <source>full precision</source>
        <translation>volle Genauigkeit</translation>
    </message>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
    <message>
        <source>PyTorch&apos;s quantizers</source>
        <translation>Quantisierer von PyTorch</translation>
    </message>
    <message>
        <source>time of a step over full precision&apos;s</source>
        <translation>Zeit eines Schritts, geteilt durch die in voller Genauigkeit</translation>
    </message>
    <message>
        <source>one training step, median (ms)</source>
        <translation>ein Trainingsschritt, Median (ms)</translation>
    </message>
    <message>
        <source>this program</source>
        <translation>dieses Programm</translation>
    </message>
    <message>
        <source>this program, whole frames</source>
        <translation>dieses Programm, ganze Bilder</translation>
    </message>
    <message>
        <source>PyTorch, batched</source>
        <translation>PyTorch, im Stapel</translation>
    </message>
    <message>
        <source>published loop</source>
        <translation>veröffentlichte Schleife</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>time of a frame over this program&apos;s</source>
        <translation>Zeit eines Bildes, geteilt durch die dieses Programms</translation>
    </message>
    <message>
        <source>saliency of one frame, median (ms)</source>
        <translation>Salienz eines Bildes, Median (ms)</translation>
    </message>
    <message>
        <source>a Python loop on each core</source>
        <translation>eine Python-Schleife je Kern</translation>
    </message>
    <message>
        <source>one Python loop</source>
        <translation>eine Python-Schleife</translation>
    </message>
    <message>
        <source>steps a second, median</source>
        <translation>Schritte je Sekunde, Median</translation>
    </message>
    <message>
        <source>steps/s</source>
        <translation>Schritte/s</translation>
    </message>
</context>
<context>
    <name>DeviceUse</name>
    <message>
        <source>%1 % of a processor</source>
        <translation>%1 % eines Prozessors</translation>
    </message>
    <message>
        <source>processor %1 W</source>
        <translation>Prozessor %1 W</translation>
    </message>
    <message>
        <source>GPU %1 %</source>
        <translation>GPU %1 %</translation>
    </message>
    <message>
        <source>GPU %1</source>
        <translation>GPU %1</translation>
    </message>
    <message>
        <source>GPU %1 W</source>
        <translation>GPU %1 W</translation>
    </message>
    <message>
        <source>Processor&apos;s power</source>
        <translation>Leistung des Prozessors</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>GPU use</source>
        <translation>GPU-Auslastung</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>GPU-Speicher</translation>
    </message>
    <message>
        <source>GPU power</source>
        <translation>GPU-Leistung</translation>
    </message>
</context>
<context>
    <name>LayersFigure</name>
    <message>
        <source>alone</source>
        <translation>allein</translation>
    </message>
    <message>
        <source>all but it</source>
        <translation>alle außer ihr</translation>
    </message>
    <message>
        <source>all quantized</source>
        <translation>alle quantisiert</translation>
    </message>
    <message>
        <source>mean action gap over %1 steps, normalized</source>
        <translation>mittlere Aktionsabweichung über %1 Schritte, normiert</translation>
    </message>
    <message>
        <source>as quantized</source>
        <translation>wie quantisiert</translation>
    </message>
    <message>
        <source>with these bits</source>
        <translation>mit diesen Bits</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
    <message>
        <source>Weights of %1</source>
        <translation>Gewichte von %1</translation>
    </message>
    <message>
        <source>What %1 reads</source>
        <translation>Was %1 liest</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>the %1 most blamed of %2</source>
        <translation>die %1 größten von %2</translation>
    </message>
    <message>
        <source>Layers of %1</source>
        <translation>Schichten von %1</translation>
    </message>
    <message>
        <source>%1 against %2</source>
        <translation>%1 gegen %2</translation>
    </message>
    <message>
        <source>Diagram</source>
        <translation>Diagramm</translation>
    </message>
    <message>
        <source>Blame</source>
        <translation>Verursachte Abweichung</translation>
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
        <translation>Welche Zustände versagen, und warum dort</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Start a repair, watch its loss, gap and success</source>
        <translation>Eine Reparatur beginnen; Verlust, Abweichung und Erfolg verfolgen</translation>
    </message>
    <message>
        <source>Benchmark</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Latency, memory, energy and success of each policy</source>
        <translation>Latenz, Speicher, Energie und Erfolg jeder Policy</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Abbildungen</translation>
    </message>
    <message>
        <source>The views of a paper, each with its export menu</source>
        <translation>Die Ansichten einer Veröffentlichung, jede mit ihrem Exportmenü</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
</context>
<context>
    <name>PanelMaps</name>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
    <message>
        <source>%1 · %2 − full precision</source>
        <translation>%1 · %2 − volle Genauigkeit</translation>
    </message>
    <message>
        <source>%1 · full precision</source>
        <translation>%1 · volle Genauigkeit</translation>
    </message>
</context>
<context>
    <name>PaperFigures</name>
    <message>
        <source>action gap</source>
        <translation>Aktionsabweichung</translation>
    </message>
    <message>
        <source>SIS</source>
        <translation>SIS</translation>
    </message>
    <message>
        <source>critical states</source>
        <translation>kritische Zustände</translation>
    </message>
    <message>
        <source>T (top %1 %)</source>
        <translation>T (obere %1 %)</translation>
    </message>
</context>
<context>
    <name>PathFiles</name>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
</context>
<context>
    <name>PathScene</name>
    <message>
        <source>not recorded</source>
        <translation>nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>success</source>
        <translation>Erfolg</translation>
    </message>
    <message>
        <source>failure</source>
        <translation>Fehlschlag</translation>
    </message>
</context>
<context>
    <name>Perturbations</name>
    <message>
        <source>Local blur (Greydanus)</source>
        <translation>Örtliche Unschärfe (Greydanus)</translation>
    </message>
    <message>
        <source>Patches set to the mean</source>
        <translation>Flächen auf den Mittelwert</translation>
    </message>
    <message>
        <source>State dimensions set to the mean</source>
        <translation>Zustandsdimensionen auf den Mittelwert</translation>
    </message>
    <message>
        <source>Local blur and state dimensions</source>
        <translation>Örtliche Unschärfe und Zustandsdimensionen</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>%1 bits</source>
        <translation>%1 Bit</translation>
    </message>
    <message>
        <source>floating point</source>
        <translation>Gleitkomma</translation>
    </message>
    <message>
        <source>smallest and largest value</source>
        <translation>kleinster und größter Wert</translation>
    </message>
    <message>
        <source>99.9th percentile</source>
        <translation>99,9. Perzentil</translation>
    </message>
    <message>
        <source>least squared error</source>
        <translation>kleinster quadratischer Fehler</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Time at work</source>
        <translation>Arbeitszeit</translation>
    </message>
    <message>
        <source>%1 in %2 attempt(s)</source>
        <translation>%1 in %2 Anläufen</translation>
    </message>
    <message>
        <source>Ran on</source>
        <translation>Lief auf</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Parameters given</source>
        <translation>Angegebene Parameter</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>density</source>
        <translation>Dichte</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>time (s)</source>
        <translation>Zeit (s)</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
</context>
<context>
    <name>Rollouts</name>
    <message>
        <source>%1: %2 steps</source>
        <translation>%1: %2 Schritte</translation>
    </message>
    <message>
        <source>, succeeded</source>
        <translation>, gelungen</translation>
    </message>
    <message>
        <source>, failed</source>
        <translation>, misslungen</translation>
    </message>
    <message>
        <source>
total reward %1</source>
        <translation>
Gesamtertrag %1</translation>
    </message>
    <message>
        <source>Episode</source>
        <translation>Episode</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Ertrag</translation>
    </message>
    <message>
        <source>SIS</source>
        <translation>SIS</translation>
    </message>
    <message>
        <source>Mean SIS</source>
        <translation>Mittlere SIS</translation>
    </message>
    <message>
        <source>Max SIS</source>
        <translation>Größte SIS</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>Max gap</source>
        <translation>Größte Abw.</translation>
    </message>
    <message>
        <source>Critical</source>
        <translation>Kritisch</translation>
    </message>
    <message>
        <source>The first frame, and the one in the middle of the episode</source>
        <translation>Das erste Bild und das in der Mitte der Episode</translation>
    </message>
    <message>
        <source>The episode&apos;s name in the rollouts file (filter: name)</source>
        <translation>Der Name der Episode in der Datei der Rollouts (Filter: name)</translation>
    </message>
    <message>
        <source>Whether the episode succeeded (filter: success = 1 or 0)</source>
        <translation>Ob die Episode gelang (Filter: success = 1 oder 0)</translation>
    </message>
    <message>
        <source>Number of steps (filter: length)</source>
        <translation>Zahl der Schritte (Filter: length)</translation>
    </message>
    <message>
        <source>Sum of the rewards (filter: return)</source>
        <translation>Summe der Belohnungen (Filter: return)</translation>
    </message>
    <message>
        <source>SIS over the episode; all rows share one scale, up to the 99.5th percentile</source>
        <translation>SIS über die Episode; alle Zeilen haben dieselbe Skala, bis zum 99,5. Perzentil</translation>
    </message>
    <message>
        <source>Mean SIS of the analysed states, of S = ½|Δπ|² (filter: mean_sis)</source>
        <translation>Mittlere SIS der untersuchten Zustände, aus S = ½|Δπ|² (Filter: mean_sis)</translation>
    </message>
    <message>
        <source>Largest SIS (filter: max_sis)</source>
        <translation>Größte SIS (Filter: max_sis)</translation>
    </message>
    <message>
        <source>Action gap over the episode; all rows share one scale, up to the 99.5th percentile</source>
        <translation>Aktionsabweichung über die Episode; alle Zeilen haben dieselbe Skala, bis zum 99,5. Perzentil</translation>
    </message>
    <message>
        <source>Largest action gap, in normalized units (filter: max_gap)</source>
        <translation>Größte Aktionsabweichung, in normierten Einheiten (Filter: max_gap)</translation>
    </message>
    <message>
        <source>Number of critical states (filter: critical)</source>
        <translation>Zahl der kritischen Zustände (Filter: critical)</translation>
    </message>
    <message>
        <source>Number of bookmarked steps (filter: bookmarks)</source>
        <translation>Zahl der Lesezeichen (Filter: bookmarks)</translation>
    </message>
</context>
<context>
    <name>SceneModel</name>
    <message>
        <source>is no MuJoCo model: the root element should be &lt;mujoco&gt;</source>
        <translation>ist kein MuJoCo-Modell: Das oberste Element sollte &lt;mujoco&gt; sein</translation>
    </message>
    <message>
        <source>%1 meshes and height fields</source>
        <translation>%1 Netze und Höhenfelder</translation>
    </message>
    <message>
        <source>%1 included files</source>
        <translation>%1 eingebundene Dateien</translation>
    </message>
    <message>
        <source>%1=&quot;%2&quot;: expected numbers</source>
        <translation>%1=&quot;%2&quot;: Zahlen erwartet</translation>
    </message>
    <message>
        <source>%1=&quot;%2&quot;: expected %3 numbers</source>
        <translation>%1=&quot;%2&quot;: %3 Zahlen erwartet</translation>
    </message>
    <message>
        <source>defaults are nested too deeply</source>
        <translation>Vorgaben sind zu tief verschachtelt</translation>
    </message>
    <message>
        <source>bodies are nested too deeply</source>
        <translation>Körper sind zu tief verschachtelt</translation>
    </message>
    <message>
        <source>has more than %1 geoms</source>
        <translation>hat mehr als %1 Geometrien</translation>
    </message>
    <message>
        <source>geom of type &quot;%1&quot;: not one that MuJoCo has</source>
        <translation>Geometrie der Art „%1“: MuJoCo hat keine solche</translation>
    </message>
    <message>
        <source>geom of type &quot;%1&quot; without a size</source>
        <translation>Geometrie der Art „%1“ ohne Größe</translation>
    </message>
</context>
<context>
    <name>SpaceRenderer</name>
    <message>
        <source>The 3-D module (libsqil_space.so) is not installed beside the program.</source>
        <translation>Das 3-D-Modul (libsqil_space.so) ist nicht neben dem Programm installiert.</translation>
    </message>
    <message>
        <source>The 3-D module cannot be loaded: %1</source>
        <translation>Das 3-D-Modul lässt sich nicht laden: %1</translation>
    </message>
    <message>
        <source>This display has no OpenGL 3.2, which the 3-D view needs. Everything else works.</source>
        <translation>Diese Anzeige hat kein OpenGL 3.2, das die 3-D-Ansicht braucht. Alles andere geht.</translation>
    </message>
    <message>
        <source>OpenGL refuses to draw on this display. Everything else works.</source>
        <translation>OpenGL verweigert auf dieser Anzeige das Zeichnen. Alles andere geht.</translation>
    </message>
</context>
<context>
    <name>StepFacts</name>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>%1 of %2 (top %3 %)</source>
        <translation>%1 von %2 (obere %3 %)</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Episode</source>
        <translation>Episode</translation>
    </message>
    <message>
        <source>%1 (%2 of %3)</source>
        <translation>%1 (%2 von %3)</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>success</source>
        <translation>Erfolg</translation>
    </message>
    <message>
        <source>failure</source>
        <translation>Fehlschlag</translation>
    </message>
    <message>
        <source>Return of the episode</source>
        <translation>Ertrag der Episode</translation>
    </message>
    <message>
        <source>Importance</source>
        <translation>Bedeutung</translation>
    </message>
    <message>
        <source>SIS</source>
        <translation>SIS</translation>
    </message>
    <message>
        <source>SIS of %1</source>
        <translation>SIS von %1</translation>
    </message>
    <message>
        <source>Rank of the SIS</source>
        <translation>Rang der SIS</translation>
    </message>
    <message>
        <source>Critical</source>
        <translation>Kritisch</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>Threshold T</source>
        <translation>Schwelle T</translation>
    </message>
    <message>
        <source>%1 (top %2 %)</source>
        <translation>%1 (obere %2 %)</translation>
    </message>
    <message>
        <source>Action gap (normalized)</source>
        <translation>Aktionsabweichung (normiert)</translation>
    </message>
    <message>
        <source>Rank of the gap of %1</source>
        <translation>Rang der Abweichung von %1</translation>
    </message>
    <message>
        <source>Divergence of the saliency maps</source>
        <translation>Divergenz der Salienzkarten</translation>
    </message>
    <message>
        <source>bits</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>%1 · full precision</source>
        <translation>%1 · volle Genauigkeit</translation>
    </message>
    <message>
        <source>%1 (Δ %2)</source>
        <translation>%1 (Δ %2)</translation>
    </message>
    <message>
        <source>%1 · as recorded</source>
        <translation>%1 · wie aufgezeichnet</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>picture, %1</source>
        <translation>Bild, %1</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>Aufgezeichnet</translation>
    </message>
    <message>
        <source>action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Analysis</source>
        <translation>Analyse</translation>
    </message>
    <message>
        <source>%1 %2 px</source>
        <translation>%1 %2 px</translation>
    </message>
    <message>
        <source>%1 scaled with the image</source>
        <translation>%1 mit dem Bild skaliert</translation>
    </message>
    <message>
        <source>stride</source>
        <translation>Schrittweite</translation>
    </message>
    <message>
        <source>mask σ</source>
        <translation>Masken-σ</translation>
    </message>
    <message>
        <source>blur σ</source>
        <translation>Unschärfe-σ</translation>
    </message>
    <message>
        <source>patch %1 px</source>
        <translation>Fläche %1 px</translation>
    </message>
    <message>
        <source>patch an eighth of the image</source>
        <translation>Fläche ein Achtel des Bildes</translation>
    </message>
    <message>
        <source>Perturbation</source>
        <translation>Störung</translation>
    </message>
    <message>
        <source>Action head</source>
        <translation>Aktionskopf</translation>
    </message>
    <message>
        <source>States analysed</source>
        <translation>Untersuchte Zustände</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation>Policy</translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation>Rollouts</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
</context>
<context>
    <name>StepSeries</name>
    <message>
        <source>SIS</source>
        <translation>SIS</translation>
    </message>
    <message>
        <source>mean S</source>
        <translation>mittleres S</translation>
    </message>
    <message>
        <source>SIS of %1</source>
        <translation>SIS von %1</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Action gap</source>
        <translation>Aktionsabweichung</translation>
    </message>
    <message>
        <source>normalized</source>
        <translation>normiert</translation>
    </message>
    <message>
        <source>Divergence of the saliency maps</source>
        <translation>Divergenz der Salienzkarten</translation>
    </message>
    <message>
        <source>bits</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>|Δ %1|</source>
        <translation>|Δ %1|</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>T %1</source>
        <translation>T %1</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source> · %1 s</source>
        <translation> · %1 s</translation>
    </message>
    <message>
        <source>SIS</source>
        <translation>SIS</translation>
    </message>
    <message>
        <source>mean S</source>
        <translation>mittleres S</translation>
    </message>
    <message>
        <source>SIS: mean saliency S = ½|Δπ|² over all places, of the full-precision policy.
Drag the dashed line to choose which states are critical.</source>
        <translation>SIS: mittlere Salienz S = ½|Δπ|² über alle Stellen, der Policy in voller Genauigkeit.
Die gestrichelte Linie ziehen, um zu wählen, welche Zustände kritisch sind.</translation>
    </message>
    <message>
        <source>SIS over the places of %1 alone</source>
        <translation>SIS nur über die Stellen von %1</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>normalized</source>
        <translation>normiert</translation>
    </message>
    <message>
        <source>Action gap ‖a − a_FP‖₂ in normalized units, of every compared policy.
The dashed line: above it are the largest 5 % of the data set; D goes to the first of the episode.</source>
        <translation>Aktionsabweichung ‖a − a_FP‖₂ in normierten Einheiten, jeder verglichenen Policy.
Die gestrichelte Linie: Darüber liegen die größten 5 % des Datensatzes; D geht zur ersten der Episode.</translation>
    </message>
    <message>
        <source>Map divergence</source>
        <translation>Kartendivergenz</translation>
    </message>
    <message>
        <source>bit</source>
        <translation>Bit</translation>
    </message>
    <message>
        <source>Jensen–Shannon divergence of the two saliency maps: 0 where both policies look at the same places, 1 at disjoint ones</source>
        <translation>Jensen-Shannon-Divergenz der beiden Salienzkarten: 0, wo beide Policies auf dieselben Stellen schauen, 1 bei ganz verschiedenen</translation>
    </message>
    <message>
        <source>Action dimension %1 of each policy</source>
        <translation>Aktionsdimension %1 jeder Policy</translation>
    </message>
    <message>
        <source>Gripper</source>
        <translation>Greifer</translation>
    </message>
    <message>
        <source>&gt; 0</source>
        <translation>&gt; 0</translation>
    </message>
    <message>
        <source>A bar where the normalized action of %1 is above 0: in robosuite, LIBERO and Metaworld, the gripper is told to close</source>
        <translation>Ein Balken, wo die normierte Aktion von %1 über 0 liegt: In robosuite, LIBERO und Metaworld soll der Greifer dann schließen</translation>
    </message>
    <message>
        <source>episode</source>
        <translation>Episode</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
</context>
<context>
    <name>sqil::ActionBars</name>
    <message>
        <source>Action by dimension</source>
        <translation>Aktion nach Dimension</translation>
    </message>
    <message>
        <source>no unit</source>
        <translation>keine Einheit</translation>
    </message>
    <message>
        <source>Δ %1</source>
        <translation>Δ %1</translation>
    </message>
</context>
<context>
    <name>sqil::ActionsView</name>
    <message>
        <source>Nothing to compare with</source>
        <translation>Nichts zu vergleichen</translation>
    </message>
    <message>
        <source>Make a low-bit version of this policy, or drop one you have on the window.</source>
        <translation>Eine Fassung dieser Policy mit wenigen Bits herstellen oder eine vorhandene auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>Quantize…</source>
        <translation>Quantisieren …</translation>
    </message>
    <message>
        <source>No actions yet</source>
        <translation>Noch keine Aktionen</translation>
    </message>
    <message>
        <source>Drop rollouts (.hdf5) on this window.</source>
        <translation>Rollouts (.hdf5) auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>Drop a policy (.pt2) on this window.</source>
        <translation>Eine Policy (.pt2) auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>Courses</source>
        <translation>Verläufe</translation>
    </message>
    <message>
        <source>Steps that the courses show</source>
        <translation>Schritte, die die Verläufe zeigen</translation>
    </message>
    <message>
        <source>How much of the episode the courses beneath the bars show</source>
        <translation>Wie viel der Episode die Verläufe unter den Balken zeigen</translation>
    </message>
    <message>
        <source>± %1 steps</source>
        <translation>± %1 Schritte</translation>
    </message>
    <message>
        <source>whole episode</source>
        <translation>ganze Episode</translation>
    </message>
</context>
<context>
    <name>sqil::AnalysisWorker</name>
    <message>
        <source>%1 cannot be written: what is computed now is not kept</source>
        <translation>%1 lässt sich nicht schreiben: Was jetzt berechnet wird, bleibt nicht erhalten</translation>
    </message>
</context>
<context>
    <name>sqil::BenchmarkView</name>
    <message>
        <source>best for its time</source>
        <translation>das Beste für seine Zeit</translation>
    </message>
    <message>
        <source>Nothing measured yet</source>
        <translation>Noch nichts gemessen</translation>
    </message>
    <message>
        <source>Measure a policy&apos;s latency, memory and energy at each bit width on this machine, or drop reports of other machines here (JSON of “sqil bench”).</source>
        <translation>Latenz, Speicher und Energie einer Policy bei jeder Bitbreite auf diesem Rechner messen oder Berichte anderer Rechner hierher ziehen (JSON von „sqil bench“).</translation>
    </message>
    <message>
        <source>Measure…</source>
        <translation>Messen …</translation>
    </message>
    <message>
        <source>A benchmark as a job of this project</source>
        <translation>Eine Messung als Auftrag dieses Projekts</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Reports that “sqil bench … --json” has written on other machines</source>
        <translation>Berichte, die „sqil bench … --json“ auf anderen Rechnern geschrieben hat</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Take the report out of the project (Delete)</source>
        <translation>Den Bericht aus dem Projekt nehmen (Entf)</translation>
    </message>
    <message>
        <source>Benchmark reports</source>
        <translation>Messberichte</translation>
    </message>
    <message>
        <source>What the benchmark plot shows</source>
        <translation>Was das Diagramm der Messung zeigt</translation>
    </message>
    <message>
        <source>Kernels under the roofs</source>
        <translation>Kernel unter den Dächern</translation>
    </message>
    <message>
        <source>Success against latency</source>
        <translation>Erfolg gegen Latenz</translation>
    </message>
    <message>
        <source>Training step</source>
        <translation>Trainingsschritt</translation>
    </message>
    <message>
        <source>Training step, relative</source>
        <translation>Trainingsschritt, relativ</translation>
    </message>
    <message>
        <source>Saliency of a frame</source>
        <translation>Salienz eines Bildes</translation>
    </message>
    <message>
        <source>Saliency of a frame, relative</source>
        <translation>Salienz eines Bildes, relativ</translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation>Rollouts</translation>
    </message>
    <message>
        <source>arithmetic intensity (operations a byte of weights)</source>
        <translation>arithmetische Intensität (Operationen je Byte der Gewichte)</translation>
    </message>
    <message>
        <source>achieved (Gop/s)</source>
        <translation>erreicht (Gop/s)</translation>
    </message>
    <message>
        <source>%1
%2
%3 Gop/s: %4 % of the arithmetic roof
%5 GB/s: %6 % of the reading roof</source>
        <translation>%1
%2
%3 Gop/s: %4 % des Rechendachs
%5 GB/s: %6 % des Lesedachs</translation>
    </message>
    <message>
        <source>%1 GB/s, %2 Gflop/s%3</source>
        <translation>%1 GB/s, %2 Gflop/s%3</translation>
    </message>
    <message>
        <source>8-bit integers: %1 Gop/s%2</source>
        <translation>8-Bit-Ganzzahlen: %1 Gop/s%2</translation>
    </message>
    <message>
        <source>one step, median (ms)</source>
        <translation>ein Schritt, Median (ms)</translation>
    </message>
    <message>
        <source>success (% of episodes)</source>
        <translation>Erfolg (% der Episoden)</translation>
    </message>
    <message>
        <source>%1, %2
%3 % of %4 episodes, 95 % interval %5 to %6 %
%7 ms a step</source>
        <translation>%1, %2
%3 % von %4 Episoden, 95-%-Intervall %5 bis %6 %
%7 ms je Schritt</translation>
    </message>
    <message>
        <source>Kernels: achieved operations a second under the machine&apos;s roofs</source>
        <translation>Kernel: erreichte Operationen je Sekunde unter den Dächern des Rechners</translation>
    </message>
    <message>
        <source>No kernels were measured. Measure… ▸ Benchmark kernels.</source>
        <translation>Es wurden keine Kernel gemessen. Messen … ▸ Kernel messen.</translation>
    </message>
    <message>
        <source>No evaluation in this project is of a policy that was measured. Roll it out: Jobs ▸ New job… ▸ Evaluate.</source>
        <translation>Keine Auswertung in diesem Projekt gilt einer gemessenen Policy. Sie ausrollen: Aufträge ▸ Neuer Auftrag … ▸ Auswerten.</translation>
    </message>
    <message>
        <source>No policy was measured, or none is ticked.</source>
        <translation>Keine Policy wurde gemessen, oder keine ist angekreuzt.</translation>
    </message>
    <message>
        <source>%1 of each way, with 95 % intervals</source>
        <translation>%1 jedes Weges, mit 95-%-Intervallen</translation>
    </message>
    <message>
        <source>No training was measured, or none is ticked. Measure… ▸ Benchmark training.</source>
        <translation>Kein Training wurde gemessen, oder keines ist angekreuzt. Messen … ▸ Training messen.</translation>
    </message>
    <message>
        <source>No saliency was measured, or none is ticked. Measure… ▸ Benchmark saliency.</source>
        <translation>Keine Salienz wurde gemessen, oder keine ist angekreuzt. Messen … ▸ Salienz messen.</translation>
    </message>
    <message>
        <source>No rollouts were measured, or none are ticked. Measure… ▸ Benchmark rollouts.</source>
        <translation>Keine Rollouts wurden gemessen, oder keine sind angekreuzt. Messen … ▸ Rollouts messen.</translation>
    </message>
    <message>
        <source>No energy was measured: these machines show no counter that may be read. The reports&apos; tooltips say why.</source>
        <translation>Keine Energie wurde gemessen: Diese Rechner haben keinen Zähler, der gelesen werden darf. Die Kurzhilfen der Berichte sagen, warum.</translation>
    </message>
    <message>
        <source>The ticked reports do not have it.</source>
        <translation>Die angekreuzten Berichte enthalten es nicht.</translation>
    </message>
    <message>
        <source>Import benchmark reports</source>
        <translation>Messberichte importieren</translation>
    </message>
    <message>
        <source>Reports of sqil bench (*.json)</source>
        <translation>Berichte von sqil bench (*.json)</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>way</source>
        <translation>Weg</translation>
    </message>
    <message>
        <source>95 % low</source>
        <translation>95 %, unten</translation>
    </message>
    <message>
        <source>95 % high</source>
        <translation>95 %, oben</translation>
    </message>
</context>
<context>
    <name>sqil::BookmarkMenu</name>
    <message>
        <source>Bookmarks</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>Remove the bookmark of step %1</source>
        <translation>Lesezeichen von Schritt %1 entfernen</translation>
    </message>
    <message>
        <source>Bookmark step %1</source>
        <translation>Lesezeichen bei Schritt %1</translation>
    </message>
    <message>
        <source>Change the note…</source>
        <translation>Notiz ändern …</translation>
    </message>
    <message>
        <source>Bookmark with a note…</source>
        <translation>Lesezeichen mit Notiz …</translation>
    </message>
    <message>
        <source>No bookmarks yet: B marks the current step</source>
        <translation>Noch keine Lesezeichen: B markiert den Schritt</translation>
    </message>
    <message>
        <source>%1 · step %2</source>
        <translation>%1 · Schritt %2</translation>
    </message>
    <message>
        <source>… and %1 more; F3 goes through them</source>
        <translation>… und %1 weitere; F3 geht sie durch</translation>
    </message>
    <message>
        <source>Note on %1, step %2</source>
        <translation>Notiz zu %1, Schritt %2</translation>
    </message>
    <message>
        <source>What is to be remembered of this step?</source>
        <translation>Was ist von diesem Schritt zu merken?</translation>
    </message>
</context>
<context>
    <name>sqil::CardDialog</name>
    <message>
        <source>Policy card of %1</source>
        <translation>Policy-Karte von %1</translation>
    </message>
    <message>
        <source>The policy&apos;s file does not say all of this. What could be read off the policy and the rollouts is filled in; check it and complete the rest.</source>
        <translation>Die Datei der Policy sagt nicht alles. Was sich aus Policy und Rollouts lesen ließ, ist eingetragen; bitte prüfen und ergänzen.</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>Eingaben</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>What does not fit yet</source>
        <translation>Was noch nicht passt</translation>
    </message>
    <message>
        <source>Keep this card</source>
        <translation>Diese Karte behalten</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Wants</source>
        <translation>Verlangt</translation>
    </message>
    <message>
        <source>Recorded key</source>
        <translation>Aufgezeichneter Schlüssel</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>Aufgezeichnet</translation>
    </message>
    <message>
        <source>Resize</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>Faktor</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Std</source>
        <translation>Std</translation>
    </message>
    <message>
        <source>Becomes</source>
        <translation>Ergibt</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation>Passt</translation>
    </message>
    <message>
        <source>The policy&apos;s input</source>
        <translation>Die Eingabe der Policy</translation>
    </message>
    <message>
        <source>Shape and element type that the policy wants; letters are dynamic dimensions</source>
        <translation>Form und Elementtyp, die die Policy verlangt; Buchstaben sind veränderliche Dimensionen</translation>
    </message>
    <message>
        <source>The rollouts&apos; observation that feeds it</source>
        <translation>Die Beobachtung der Rollouts, die sie speist</translation>
    </message>
    <message>
        <source>Element type and shape of one recorded step</source>
        <translation>Elementtyp und Form eines aufgezeichneten Schritts</translation>
    </message>
    <message>
        <source>Height×width in pixels, bilinear and antialiased; empty: as recorded</source>
        <translation>Höhe×Breite in Pixeln, bilinear und geglättet; leer: wie aufgezeichnet</translation>
    </message>
    <message>
        <source>Factor before mean and std: 1/255 turns bytes into 0…1</source>
        <translation>Faktor vor Mittel und Std: 1/255 macht aus Bytes 0…1</translation>
    </message>
    <message>
        <source>Subtracted: one number, or one a channel or dimension, separated by spaces</source>
        <translation>Wird abgezogen: eine Zahl, oder eine je Kanal oder Dimension, durch Leerzeichen getrennt</translation>
    </message>
    <message>
        <source>Divided by: one number, or one a channel or dimension, separated by spaces</source>
        <translation>Wird geteilt durch: eine Zahl, oder eine je Kanal oder Dimension, durch Leerzeichen getrennt</translation>
    </message>
    <message>
        <source>Shape of one step as it reaches the policy</source>
        <translation>Form eines Schritts, wie er die Policy erreicht</translation>
    </message>
    <message>
        <source>Whether this feeds the input</source>
        <translation>Ob dies die Eingabe speist</translation>
    </message>
    <message>
        <source>Inputs of the policy and the recorded keys that feed them</source>
        <translation>Eingaben der Policy und die aufgezeichneten Schlüssel, die sie speisen</translation>
    </message>
    <message>
        <source>Deterministic: the action itself</source>
        <translation>Deterministisch: die Aktion selbst</translation>
    </message>
    <message>
        <source>Categorical: logits over actions</source>
        <translation>Kategorial: Logits über Aktionen</translation>
    </message>
    <message>
        <source>Gaussian: mean and log std</source>
        <translation>Gauß: Mittel und log Std</translation>
    </message>
    <message>
        <source>Beta: alpha and beta</source>
        <translation>Beta: Alpha und Beta</translation>
    </message>
    <message>
        <source>Token logits a dimension</source>
        <translation>Token-Logits je Dimension</translation>
    </message>
    <message>
        <source>Action head</source>
        <translation>Aktionskopf</translation>
    </message>
    <message>
        <source>&amp;Head</source>
        <translation>&amp;Kopf</translation>
    </message>
    <message>
        <source>Which of the policy&apos;s outputs, from 0:</source>
        <translation>Welche der Ausgaben der Policy, ab 0:</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Second output</source>
        <translation>Zweite Ausgabe</translation>
    </message>
    <message>
        <source>&amp;Output</source>
        <translation>&amp;Ausgabe</translation>
    </message>
    <message>
        <source> Hz</source>
        <translation> Hz</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>Steps a second at which the policy controls the robot; 0: not known</source>
        <translation>Schritte je Sekunde, mit denen die Policy den Roboter steuert; 0: nicht bekannt</translation>
    </message>
    <message>
        <source>Control rate</source>
        <translation>Steuerrate</translation>
    </message>
    <message>
        <source>Control &amp;rate</source>
        <translation>Steue&amp;rrate</translation>
    </message>
    <message>
        <source>Dimension</source>
        <translation>Dimension</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>Offset</source>
        <translation>Versatz</translation>
    </message>
    <message>
        <source>Dimensions of the action</source>
        <translation>Dimensionen der Aktion</translation>
    </message>
    <message>
        <source>normalized · scale + offset is in the unit</source>
        <translation>normiert · Faktor + Versatz ist in der Einheit</translation>
    </message>
    <message>
        <source>Episode of the preview</source>
        <translation>Episode der Vorschau</translation>
    </message>
    <message>
        <source>Step of the preview</source>
        <translation>Schritt der Vorschau</translation>
    </message>
    <message>
        <source>Preview of</source>
        <translation>Vorschau von</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Key that feeds %1</source>
        <translation>Schlüssel, der %1 speist</translation>
    </message>
    <message>
        <source>(choose)</source>
        <translation>(wählen)</translation>
    </message>
    <message>
        <source>%1 (not recorded)</source>
        <translation>%1 (nicht aufgezeichnet)</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>%1: “%2” is no number, or none that can be used</source>
        <translation>%1: „%2“ ist keine Zahl oder keine brauchbare</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>passt</translation>
    </message>
    <message>
        <source>The rollouts have no steps to preview.</source>
        <translation>Die Rollouts haben keine Schritte für eine Vorschau.</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
</context>
<context>
    <name>sqil::CardPreviewPanel</name>
    <message>
        <source>As the policy sees it</source>
        <translation>Wie die Policy es sieht</translation>
    </message>
    <message>
        <source>Its action there</source>
        <translation>Ihre Aktion dort</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>Aufgezeichnet</translation>
    </message>
    <message>
        <source>Policy</source>
        <translation>Policy</translation>
    </message>
    <message>
        <source>In units</source>
        <translation>In Einheiten</translation>
    </message>
    <message>
        <source>The policy&apos;s action next to the recorded one</source>
        <translation>Die Aktion der Policy neben der aufgezeichneten</translation>
    </message>
    <message>
        <source>Recorded: as it is in the file. Policy: its normalized output. In units: normalized value · scale + offset</source>
        <translation>Aufgezeichnet: wie in der Datei. Policy: ihre normierte Ausgabe. In Einheiten: normierter Wert · Faktor + Versatz</translation>
    </message>
    <message>
        <source>Running the policy on this step…</source>
        <translation>Die Policy läuft auf diesem Schritt …</translation>
    </message>
    <message>
        <source>The policy runs as soon as every input is fed.</source>
        <translation>Die Policy läuft, sobald jede Eingabe gespeist ist.</translation>
    </message>
    <message>
        <source>%1: not fed yet</source>
        <translation>%1: noch nicht gespeist</translation>
    </message>
    <message>
        <source>%1:  %2</source>
        <translation>%1:  %2</translation>
    </message>
    <message>
        <source>%1: %2 × %3 pixels</source>
        <translation>%1: %2 × %3 Pixel</translation>
    </message>
    <message>
        <source>Input %1</source>
        <translation>Eingabe %1</translation>
    </message>
    <message>
        <source>action %1</source>
        <translation>Aktion %1</translation>
    </message>
</context>
<context>
    <name>sqil::ColourBar</name>
    <message>
        <source>Colour scale</source>
        <translation>Farbskala</translation>
    </message>
    <message>
        <source>up to %1 %2</source>
        <translation>bis %1 %2</translation>
    </message>
</context>
<context>
    <name>sqil::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Command, episode, “step 120”, project or layout</source>
        <translation>Befehl, Episode, „step 120“, Projekt oder Anordnung</translation>
    </message>
    <message>
        <source>Command, episode, step, project or layout</source>
        <translation>Befehl, Episode, Schritt, Projekt oder Anordnung</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Nothing is called “%1”</source>
        <translation>Nichts heißt „%1“</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1 Schritte</translation>
    </message>
    <message>
        <source> · succeeded</source>
        <translation> · gelungen</translation>
    </message>
    <message>
        <source> · failed</source>
        <translation> · misslungen</translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation>Gehe zu %1</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>%1 ends at step %2</source>
        <translation>%1 endet bei Schritt %2</translation>
    </message>
    <message>
        <source>Go to step %1</source>
        <translation>Gehe zu Schritt %1</translation>
    </message>
</context>
<context>
    <name>sqil::CurvesPlot</name>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: move. Double click: everything.</source>
        <translation>Rad: Zoom. Ziehen: verschieben. Doppelklick: alles.</translation>
    </message>
</context>
<context>
    <name>sqil::DistributionBars</name>
    <message>
        <source>Distribution of the action</source>
        <translation>Verteilung der Aktion</translation>
    </message>
    <message>
        <source>bin %1</source>
        <translation>Klasse %1</translation>
    </message>
    <message>
        <source>%1, bin %2</source>
        <translation>%1, Klasse %2</translation>
    </message>
</context>
<context>
    <name>sqil::DockTitleBar</name>
    <message>
        <source>Export figure, data or copy of this view</source>
        <translation>Abbildung, Daten oder Kopie dieser Ansicht</translation>
    </message>
    <message>
        <source>Menu of %1</source>
        <translation>Menü von %1</translation>
    </message>
    <message>
        <source>Float %1, or put it back</source>
        <translation>%1 ablösen oder zurücksetzen</translation>
    </message>
    <message>
        <source>Close %1 (View ▸ Panels opens it again)</source>
        <translation>%1 schließen (Ansicht ▸ Bereiche öffnet es wieder)</translation>
    </message>
</context>
<context>
    <name>sqil::FigureDialog</name>
    <message>
        <source>Export figure: %1</source>
        <translation>Abbildung exportieren: %1</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>PDF (vector)</source>
        <translation>PDF (Vektor)</translation>
    </message>
    <message>
        <source>SVG (vector)</source>
        <translation>SVG (Vektor)</translation>
    </message>
    <message>
        <source>PNG (picture)</source>
        <translation>PNG (Bild)</translation>
    </message>
    <message>
        <source> dots per inch</source>
        <translation> Punkte je Zoll</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Resolution of the PNG picture; print asks for 300 to 600</source>
        <translation>Auflösung des PNG-Bildes; der Druck verlangt 300 bis 600</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation>F&amp;ormat</translation>
    </message>
    <message>
        <source>Own size</source>
        <translation>Eigene Größe</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>×</source>
        <translation>×</translation>
    </message>
    <message>
        <source>&amp;Size</source>
        <translation>&amp;Größe</translation>
    </message>
    <message>
        <source>Export figure</source>
        <translation>Abbildung exportieren</translation>
    </message>
    <message>
        <source>Figures (*.pdf *.svg *.png)</source>
        <translation>Abbildungen (*.pdf *.svg *.png)</translation>
    </message>
    <message>
        <source>Give the file a name.</source>
        <translation>Der Datei einen Namen geben.</translation>
    </message>
    <message>
        <source>%1: there is no such folder.</source>
        <translation>%1: Einen solchen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>“%1” exists already. Replace it?</source>
        <translation>„%1“ gibt es schon. Ersetzen?</translation>
    </message>
    <message>
        <source>One column (3.25 in)</source>
        <translation>Eine Spalte (3,25 Zoll)</translation>
    </message>
    <message>
        <source>Two columns (6.75 in)</source>
        <translation>Zwei Spalten (6,75 Zoll)</translation>
    </message>
</context>
<context>
    <name>sqil::FilterEdit</name>
    <message>
        <source>Filter: success = 0 and max_gap &gt; 0.5</source>
        <translation>Filter: success = 0 and max_gap &gt; 0.5</translation>
    </message>
    <message>
        <source>Filter of the episodes</source>
        <translation>Filter der Episoden</translation>
    </message>
    <message>
        <source>Columns: %1.
Comparisons: = != &lt; &lt;= &gt; &gt;=; ~ asks whether a name contains a text in quotes.
Joined with and, or, not and parentheses. Values that are not known match no comparison.</source>
        <translation>Spalten: %1.
Vergleiche: = != &lt; &lt;= &gt; &gt;=; ~ fragt, ob ein Name einen Text in Anführungszeichen enthält.
Verbunden mit and, or, not und Klammern. Unbekannte Werte erfüllen keinen Vergleich.</translation>
    </message>
</context>
<context>
    <name>sqil::FramesView</name>
    <message>
        <source>Saliency shown</source>
        <translation>Gezeigte Salienz</translation>
    </message>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Where the full-precision policy looks (1)</source>
        <translation>Wohin die Policy in voller Genauigkeit schaut (1)</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Where the quantized policy looks (2)</source>
        <translation>Wohin die quantisierte Policy schaut (2)</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Quantized minus full precision (3)</source>
        <translation>Quantisiert minus volle Genauigkeit (3)</translation>
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
        <translation>Deckkraft der Salienz</translation>
    </message>
    <message>
        <source>Opacity of the saliency overlay: %1 % (+ and −)</source>
        <translation>Deckkraft der Salienz: %1 % (+ und −)</translation>
    </message>
    <message>
        <source>Colour map</source>
        <translation>Farbskala</translation>
    </message>
    <message>
        <source>Colour map of the saliency</source>
        <translation>Farbskala der Salienz</translation>
    </message>
    <message>
        <source>Colour scale</source>
        <translation>Farbskala</translation>
    </message>
    <message>
        <source>Where the colours end: at the largest score of the frame, which shows faint maps, or of the episode, which makes frames comparable</source>
        <translation>Wo die Farben enden: beim größten Wert des Bildes, was schwache Karten zeigt, oder der Episode, was Bilder vergleichbar macht</translation>
    </message>
    <message>
        <source>Scale: frame</source>
        <translation>Skala: Bild</translation>
    </message>
    <message>
        <source>Scale: episode</source>
        <translation>Skala: Episode</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>No rollouts to look at</source>
        <translation>Keine Rollouts zu sehen</translation>
    </message>
    <message>
        <source>Drop recorded rollouts (.hdf5) on this window, or add them with File ▸ Add files.</source>
        <translation>Aufgezeichnete Rollouts (.hdf5) auf dieses Fenster ziehen oder mit Datei ▸ Dateien hinzufügen.</translation>
    </message>
    <message>
        <source>These rollouts have no steps</source>
        <translation>Diese Rollouts haben keine Schritte</translation>
    </message>
    <message>
        <source>Every episode in %1 is empty.</source>
        <translation>Jede Episode in %1 ist leer.</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message>
        <source>These rollouts have no camera.</source>
        <translation>Diese Rollouts haben keine Kamera.</translation>
    </message>
    <message>
        <source>ΔS, quantized − full precision</source>
        <translation>ΔS, quantisiert − volle Genauigkeit</translation>
    </message>
    <message>
        <source>saliency S = ½|Δπ|²</source>
        <translation>Salienz S = ½|Δπ|²</translation>
    </message>
    <message>
        <source>This picture&apos;s format cannot be shown.</source>
        <translation>Das Format dieses Bildes lässt sich nicht zeigen.</translation>
    </message>
    <message>
        <source>not analysed yet</source>
        <translation>noch nicht untersucht</translation>
    </message>
    <message>
        <source>computing saliency…</source>
        <translation>Salienz wird berechnet …</translation>
    </message>
    <message>
        <source>x %1, y %2 px</source>
        <translation>x %1, y %2 px</translation>
    </message>
    <message>
        <source>%1, step %2</source>
        <translation>%1, Schritt %2</translation>
    </message>
    <message>
        <source> (%1 s)</source>
        <translation> (%1 s)</translation>
    </message>
    <message>
        <source>saliency S</source>
        <translation>Salienz S</translation>
    </message>
    <message>
        <source>Quantized − full precision</source>
        <translation>Quantisiert − volle Genauigkeit</translation>
    </message>
    <message>
        <source>difference ΔS</source>
        <translation>Differenz ΔS</translation>
    </message>
    <message>
        <source>saliency</source>
        <translation>Salienz</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>x (px)</source>
        <translation>x (px)</translation>
    </message>
    <message>
        <source>y (px)</source>
        <translation>y (px)</translation>
    </message>
    <message>
        <source>S full precision</source>
        <translation>S volle Genauigkeit</translation>
    </message>
    <message>
        <source>S quantized</source>
        <translation>S quantisiert</translation>
    </message>
    <message>
        <source>Overlay…</source>
        <translation>Überlagerung …</translation>
    </message>
    <message>
        <source>Opacity, colours and scale of the saliency, and the perturbation</source>
        <translation>Deckkraft, Farben und Skala der Salienz, und die Störung</translation>
    </message>
    <message>
        <source>Full precision and every compared policy side by side (4)</source>
        <translation>Volle Genauigkeit und jede verglichene Policy nebeneinander (4)</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Full precision, every compared policy and their differences (5)</source>
        <translation>Volle Genauigkeit, jede verglichene Policy und ihre Differenzen (5)</translation>
    </message>
    <message>
        <source>Perturbation</source>
        <translation>Störung</translation>
    </message>
    <message>
        <source>Shows the picture as the policy saw it with the place under the mouse perturbed (while Alt is held, or always with this button)</source>
        <translation>Zeigt das Bild, wie die Policy es mit gestörter Stelle unter der Maus sah (solange Alt gehalten wird, oder immer mit diesem Knopf)</translation>
    </message>
    <message>
        <source> · ΔS %1 at place %2, %3</source>
        <translation> · ΔS %1 bei Stelle %2, %3</translation>
    </message>
    <message>
        <source> · S %1 at place %2, %3</source>
        <translation> · S %1 bei Stelle %2, %3</translation>
    </message>
    <message>
        <source>Δ %1</source>
        <translation>Δ %1</translation>
    </message>
    <message>
        <source>S %1</source>
        <translation>S %1</translation>
    </message>
</context>
<context>
    <name>sqil::GraphView</name>
    <message>
        <source>Graph of the policy</source>
        <translation>Graph der Policy</translation>
    </message>
</context>
<context>
    <name>sqil::HistogramPlot</name>
    <message>
        <source>Area: %1; bars: %2. Each has its own scale.</source>
        <translation>Fläche: %1; Balken: %2. Jedes hat seine eigene Skala.</translation>
    </message>
</context>
<context>
    <name>sqil::InspectorView</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Everything known of the current step</source>
        <translation>Alles, was vom gewählten Schritt bekannt ist</translation>
    </message>
    <message>
        <source>No step selected</source>
        <translation>Kein Schritt gewählt</translation>
    </message>
    <message>
        <source>Open rollouts: everything known of the step under the cursor is listed here, to be searched and copied.</source>
        <translation>Rollouts öffnen: Alles, was vom Schritt unter dem Zeiger bekannt ist, steht hier, zum Suchen und Kopieren.</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy everything as &amp;text</source>
        <translation>Alles als &amp;Text kopieren</translation>
    </message>
    <message>
        <source>Copy everything as &amp;JSON</source>
        <translation>Alles als &amp;JSON kopieren</translation>
    </message>
    <message>
        <source>Search names and values</source>
        <translation>Namen und Werte suchen</translation>
    </message>
    <message>
        <source>Search the inspector</source>
        <translation>Im Inspektor suchen</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <source>Everything in this list to the clipboard, as text; or as JSON for programs</source>
        <translation>Alles in dieser Liste in die Zwischenablage, als Text oder als JSON für Programme</translation>
    </message>
    <message>
        <source>As &amp;text</source>
        <translation>Als &amp;Text</translation>
    </message>
    <message>
        <source>As &amp;JSON</source>
        <translation>Als &amp;JSON</translation>
    </message>
    <message>
        <source>%1, step %2</source>
        <translation>%1, Schritt %2</translation>
    </message>
    <message>
        <source>section</source>
        <translation>Abschnitt</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
</context>
<context>
    <name>sqil::IntervalBars</name>
    <message>
        <source>95 % interval of the median: %1 to %2 %3</source>
        <translation>95-%-Intervall des Medians: %1 bis %2 %3</translation>
    </message>
</context>
<context>
    <name>sqil::JobCurves</name>
    <message>
        <source>Loss terms</source>
        <translation>Verlustterme</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>D at critical states</source>
        <translation>D an kritischen Zuständen</translation>
    </message>
    <message>
        <source>D at other states</source>
        <translation>D an anderen Zuständen</translation>
    </message>
    <message>
        <source>Whole loss</source>
        <translation>Gesamter Verlust</translation>
    </message>
    <message>
        <source>Held-out action gap</source>
        <translation>Abweichung auf zurückgehaltenen Zuständen</translation>
    </message>
    <message>
        <source>gap, normalized</source>
        <translation>Abweichung, normiert</translation>
    </message>
    <message>
        <source>all states</source>
        <translation>alle Zustände</translation>
    </message>
    <message>
        <source>critical</source>
        <translation>kritische</translation>
    </message>
    <message>
        <source>others</source>
        <translation>andere</translation>
    </message>
    <message>
        <source>Quantizer steps</source>
        <translation>Quantisierungsschritte</translation>
    </message>
    <message>
        <source>γ, geometric mean</source>
        <translation>γ, geometrisches Mittel</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>Gradientennorm</translation>
    </message>
    <message>
        <source>‖∇L‖₂</source>
        <translation>‖∇L‖₂</translation>
    </message>
    <message>
        <source>norm</source>
        <translation>Norm</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>steps per second</source>
        <translation>Schritte je Sekunde</translation>
    </message>
    <message>
        <source>speed</source>
        <translation>Geschwindigkeit</translation>
    </message>
    <message>
        <source>Success</source>
        <translation>Erfolg</translation>
    </message>
    <message>
        <source>share of episodes</source>
        <translation>Anteil der Episoden</translation>
    </message>
    <message>
        <source>success</source>
        <translation>Erfolg</translation>
    </message>
    <message>
        <source>95 % interval, low</source>
        <translation>95-%-Intervall, unten</translation>
    </message>
    <message>
        <source>95 % interval, high</source>
        <translation>95-%-Intervall, oben</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Ertrag</translation>
    </message>
    <message>
        <source>return</source>
        <translation>Ertrag</translation>
    </message>
    <message>
        <source>Device use</source>
        <translation>Geräteauslastung</translation>
    </message>
    <message>
        <source>use, %</source>
        <translation>Auslastung, %</translation>
    </message>
    <message>
        <source>processor, % of one</source>
        <translation>Prozessor, % von einem</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>memory, MiB</source>
        <translation>Speicher, MiB</translation>
    </message>
    <message>
        <source>the job&apos;s</source>
        <translation>des Auftrags</translation>
    </message>
    <message>
        <source>GPU, all programs</source>
        <translation>GPU, alle Programme</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>Leistung</translation>
    </message>
    <message>
        <source>power, W</source>
        <translation>Leistung, W</translation>
    </message>
    <message>
        <source>processors</source>
        <translation>Prozessoren</translation>
    </message>
    <message>
        <source>What the plot shows</source>
        <translation>Was das Diagramm zeigt</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Exponential average over the past; the values stay behind it</source>
        <translation>Exponentielles Mittel über Vergangenes; die Werte bleiben dahinter</translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation>Logarithmisch</translation>
    </message>
    <message>
        <source>minutes since the start</source>
        <translation>Minuten seit dem Start</translation>
    </message>
    <message>
        <source>episodes or policies</source>
        <translation>Episoden oder Policies</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Choose one job, or several to compare them</source>
        <translation>Einen Auftrag wählen, oder mehrere, um sie zu vergleichen</translation>
    </message>
    <message>
        <source>Nothing measured yet</source>
        <translation>Noch nichts gemessen</translation>
    </message>
    <message>
        <source>Not measured:
%1</source>
        <translation>Nicht gemessen:
%1</translation>
    </message>
</context>
<context>
    <name>sqil::JobDialog</name>
    <message>
        <source>New job</source>
        <translation>Neuer Auftrag</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>Erneut messen</translation>
    </message>
    <message>
        <source>Kind of job</source>
        <translation>Art des Auftrags</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>What the job is called in the queue</source>
        <translation>Wie der Auftrag in der Warteschlange heißt</translation>
    </message>
    <message>
        <source>&amp;All settings</source>
        <translation>&amp;Alle Einstellungen</translation>
    </message>
    <message>
        <source>Repeat for each</source>
        <translation>Wiederholen für jeden</translation>
    </message>
    <message>
        <source>1,2,3</source>
        <translation>1,2,3</translation>
    </message>
    <message>
        <source>One job for each seed, as one entry that unfolds</source>
        <translation>Ein Auftrag je Startwert, als ein Eintrag zum Aufklappen</translation>
    </message>
    <message>
        <source>4,8</source>
        <translation>4,8</translation>
    </message>
    <message>
        <source>One job for each bit width of the weights</source>
        <translation>Ein Auftrag je Bitbreite der Gewichte</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>Startwerte</translation>
    </message>
    <message>
        <source>Weight bits</source>
        <translation>Bits der Gewichte</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>Davor und danach</translation>
    </message>
    <message>
        <source>Analyse first</source>
        <translation>Zuerst untersuchen</translation>
    </message>
    <message>
        <source>SIS of all recorded steps, into the project</source>
        <translation>SIS aller aufgezeichneten Schritte, ins Projekt</translation>
    </message>
    <message>
        <source>Then roll out in</source>
        <translation>Dann ausrollen in</translation>
    </message>
    <message>
        <source>Success and return of the trained policy in a simulator</source>
        <translation>Erfolg und Ertrag der trainierten Policy in einem Simulator</translation>
    </message>
    <message>
        <source>Simulator</source>
        <translation>Simulator</translation>
    </message>
    <message>
        <source> episodes</source>
        <translation> Episoden</translation>
    </message>
    <message>
        <source>Then measure a training step</source>
        <translation>Dann einen Trainingsschritt messen</translation>
    </message>
    <message>
        <source>Time of a quantized training step against full precision and PyTorch</source>
        <translation>Zeit eines quantisierten Trainingsschritts gegen volle Genauigkeit und PyTorch</translation>
    </message>
    <message>
        <source>When and where</source>
        <translation>Wann und wo</translation>
    </message>
    <message>
        <source>Jobs on one device wait for each other</source>
        <translation>Aufträge auf einem Gerät warten aufeinander</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>dieser Rechner</translation>
    </message>
    <message>
        <source>Slurm</source>
        <translation>Slurm</translation>
    </message>
    <message>
        <source>Larger comes first</source>
        <translation>Größere zuerst</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Läuft auf</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Vorrang</translation>
    </message>
    <message>
        <source>Time and memory</source>
        <translation>Zeit und Speicher</translation>
    </message>
    <message>
        <source>Measure a few steps</source>
        <translation>Einige Schritte messen</translation>
    </message>
    <message>
        <source>Standard values</source>
        <translation>Standardwerte</translation>
    </message>
    <message>
        <source>Runs a small part of the job</source>
        <translation>Führt einen kleinen Teil des Auftrags aus</translation>
    </message>
    <message>
        <source>This kind of job cannot be measured in part</source>
        <translation>Diese Art von Auftrag lässt sich nicht in Teilen messen</translation>
    </message>
    <message numerus="yes">
        <source>%n jobs, as one entry of the queue.</source>
        <translation>
            <numerusform>%n Auftrag, als ein Eintrag der Warteschlange.</numerusform>
            <numerusform>%n Aufträge, als ein Eintrag der Warteschlange.</numerusform>
        </translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Wird gemessen …</translation>
    </message>
</context>
<context>
    <name>sqil::JobEstimator</name>
    <message>
        <source>It could not be measured.</source>
        <translation>Es ließ sich nicht messen.</translation>
    </message>
    <message>
        <source>About %1: %2 of setting up, then %3 %4 of %5 each. Memory: %6 GiB.</source>
        <translation>Etwa %1: %2 Vorbereitung, dann %3 %4 zu je %5. Speicher: %6 GiB.</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
</context>
<context>
    <name>sqil::JobForm</name>
    <message>
        <source>
Unit: %1</source>
        <translation>
Einheit: %1</translation>
    </message>
    <message>
        <source>
Standard: %1</source>
        <translation>
Standard: %1</translation>
    </message>
    <message>
        <source>
On the command line: %1</source>
        <translation>
Auf der Befehlszeile: %1</translation>
    </message>
    <message>
        <source>Policies (*.pt2 *.pt *.zip)</source>
        <translation>Policies (*.pt2 *.pt *.zip)</translation>
    </message>
    <message>
        <source>Rollouts (*.hdf5 *.h5)</source>
        <translation>Rollouts (*.hdf5 *.h5)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>in the job&apos;s folder</source>
        <translation>im Ordner des Auftrags</translation>
    </message>
    <message>
        <source>choose a file</source>
        <translation>eine Datei wählen</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Eine Datei wählen</translation>
    </message>
    <message>
        <source>Choose a file for %1</source>
        <translation>Eine Datei für %1 wählen</translation>
    </message>
</context>
<context>
    <name>sqil::JobLog</name>
    <message>
        <source>error  </source>
        <translation>Fehler  </translation>
    </message>
    <message>
        <source>warning  </source>
        <translation>Warnung  </translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>Warnungen und Fehler</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Levels shown</source>
        <translation>Gezeigte Stufen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Lines with this text</source>
        <translation>Zeilen mit diesem Text</translation>
    </message>
    <message>
        <source>No messages</source>
        <translation>Keine Meldungen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
</context>
<context>
    <name>sqil::JobNotices</name>
    <message>
        <source>%1 % of %2 episodes succeed</source>
        <translation>%1 % von %2 Episoden gelingen</translation>
    </message>
    <message>
        <source>action gap on held-out states %1</source>
        <translation>Aktionsabweichung auf zurückgehaltenen Zuständen %1</translation>
    </message>
    <message>
        <source>“%1” has finished.</source>
        <translation>„%1“ ist fertig.</translation>
    </message>
    <message>
        <source>“%1” has finished: %2.</source>
        <translation>„%1“ ist fertig: %2.</translation>
    </message>
    <message>
        <source>“%1” has failed: %2</source>
        <translation>„%1“ ist gescheitert: %2</translation>
    </message>
    <message>
        <source>“%1” was stopped; it can be resumed.</source>
        <translation>„%1“ wurde angehalten; es lässt sich fortsetzen.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>SQIL Studio</source>
        <translation>SQIL Studio</translation>
    </message>
    <message>
        <source>%1 running, %2 waiting, %3 %</source>
        <translation>%1 laufen, %2 warten, %3 %</translation>
    </message>
    <message>
        <source>No job is running</source>
        <translation>Kein Auftrag läuft</translation>
    </message>
</context>
<context>
    <name>sqil::JobParameters</name>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>Was sich unterscheidet</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>nothing: the same parameters</source>
        <translation>nichts: dieselben Parameter</translation>
    </message>
</context>
<context>
    <name>sqil::JobsModel</name>
    <message>
        <source>stopping</source>
        <translation>hält an</translation>
    </message>
    <message>
        <source>pausing</source>
        <translation>pausiert gleich</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>beginnt</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>waits for %1</source>
        <translation>wartet auf %1</translation>
    </message>
    <message>
        <source>ran %1, attempt %2</source>
        <translation>lief %1, Anlauf %2</translation>
    </message>
    <message>
        <source>%1 of %2 jobs</source>
        <translation>%1 von %2 Aufträgen</translation>
    </message>
    <message>
        <source>%1 %2/%3</source>
        <translation>%1 %2/%3</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>sqil::JobsView</name>
    <message>
        <source>No jobs yet</source>
        <translation>Noch keine Aufträge</translation>
    </message>
    <message>
        <source>Repair the quantized policy by training, roll it out in a simulator, or measure it. Jobs go on when the window is closed.</source>
        <translation>Die quantisierte Policy durch Training reparieren, sie in einem Simulator ausrollen oder messen. Aufträge laufen weiter, wenn das Fenster geschlossen wird.</translation>
    </message>
    <message>
        <source>Repair…</source>
        <translation>Reparieren …</translation>
    </message>
    <message>
        <source>New…</source>
        <translation>Neu …</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Duplicate…</source>
        <translation>Duplizieren …</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>A new job with these parameters, to be changed</source>
        <translation>Ein neuer Auftrag mit diesen Parametern, zum Ändern</translation>
    </message>
    <message>
        <source>Stop; training keeps a checkpoint and can be resumed</source>
        <translation>Anhalten; das Training behält einen Zwischenstand und lässt sich fortsetzen</translation>
    </message>
    <message>
        <source>Take it out of the list; the files it has made stay</source>
        <translation>Aus der Liste nehmen; die erzeugten Dateien bleiben</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Compare in the workbench</source>
        <translation>In der Werkbank vergleichen</translation>
    </message>
    <message>
        <source>Show the policy that this job has made beside the full-precision one</source>
        <translation>Die Policy, die dieser Auftrag erzeugt hat, neben der in voller Genauigkeit zeigen</translation>
    </message>
    <message>
        <source>Summary…</source>
        <translation>Bericht …</translation>
    </message>
    <message>
        <source>Write this job&apos;s summary page as HTML or PDF</source>
        <translation>Die Berichtsseite dieses Auftrags als HTML oder PDF schreiben</translation>
    </message>
    <message>
        <source>Details of the job</source>
        <translation>Einzelheiten des Auftrags</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>%1 %2 of %3</source>
        <translation>%1 %2 von %3</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message numerus="yes">
        <source>%n jobs</source>
        <translation>
            <numerusform>%n Auftrag</numerusform>
            <numerusform>%n Aufträge</numerusform>
        </translation>
    </message>
    <message>
        <source>New job like “%1”</source>
        <translation>Neuer Auftrag wie „%1“</translation>
    </message>
    <message>
        <source>Higher priority</source>
        <translation>Höherer Vorrang</translation>
    </message>
    <message>
        <source>Lower priority</source>
        <translation>Niedrigerer Vorrang</translation>
    </message>
    <message>
        <source>Write the summary</source>
        <translation>Den Bericht schreiben</translation>
    </message>
    <message>
        <source>summary.html</source>
        <translation>bericht.html</translation>
    </message>
    <message>
        <source>Web page (*.html);;PDF (*.pdf)</source>
        <translation>Webseite (*.html);;PDF (*.pdf)</translation>
    </message>
</context>
<context>
    <name>sqil::LayersModel</name>
    <message>
        <source>float</source>
        <translation>float</translation>
    </message>
    <message>
        <source>input</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Mean action gap over %1 recorded steps when this layer alone is quantized (normalized units)</source>
        <translation>Mittlere Aktionsabweichung über %1 aufgezeichnete Schritte, wenn nur diese Schicht quantisiert ist (normierte Einheiten)</translation>
    </message>
    <message>
        <source>Mean action gap when every layer but this one is quantized (normalized units); all: %1</source>
        <translation>Mittlere Aktionsabweichung, wenn jede Schicht außer dieser quantisiert ist (normierte Einheiten); alle: %1</translation>
    </message>
    <message>
        <source>Keys 2 to 8 set the weights&apos; bits of the selected rows, 0 floating point; with Alt the activations&apos;</source>
        <translation>Die Tasten 2 bis 8 setzen die Bits der Gewichte der gewählten Zeilen, 0 Gleitkomma; mit Alt die der Aktivierungen</translation>
    </message>
    <message>
        <source>Input of the policy</source>
        <translation>Eingabe der Policy</translation>
    </message>
    <message>
        <source>%1
in module %2</source>
        <translation>%1
im Modul %2</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Operator</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Params</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>W bits</source>
        <translation>W-Bits</translation>
    </message>
    <message>
        <source>A bits</source>
        <translation>A-Bits</translation>
    </message>
    <message>
        <source>Alone</source>
        <translation>Allein</translation>
    </message>
    <message>
        <source>All but</source>
        <translation>Alle außer</translation>
    </message>
    <message>
        <source>Modules, layers and operators of the policy</source>
        <translation>Module, Schichten und Operatoren der Policy</translation>
    </message>
    <message>
        <source>ATen operator</source>
        <translation>ATen-Operator</translation>
    </message>
    <message>
        <source>Shape of the result; N is the batch</source>
        <translation>Form des Ergebnisses; N ist der Stapel</translation>
    </message>
    <message>
        <source>Numbers that the operator reads as parameters</source>
        <translation>Zahlen, die der Operator als Parameter liest</translation>
    </message>
    <message>
        <source>Bits of a weight</source>
        <translation>Bits eines Gewichts</translation>
    </message>
    <message>
        <source>Bits of what the layer reads</source>
        <translation>Bits dessen, was die Schicht liest</translation>
    </message>
    <message>
        <source>Blame: mean action gap when the layer alone is quantized (normalized units)</source>
        <translation>Verursacht: mittlere Aktionsabweichung, wenn nur die Schicht quantisiert ist (normierte Einheiten)</translation>
    </message>
    <message>
        <source>Mean action gap when all layers but this one are quantized (normalized units)</source>
        <translation>Mittlere Aktionsabweichung, wenn alle Schichten außer dieser quantisiert sind (normierte Einheiten)</translation>
    </message>
</context>
<context>
    <name>sqil::LayersView</name>
    <message numerus="yes">
        <source>%n operator(s)</source>
        <translation>
            <numerusform>%n Operator</numerusform>
            <numerusform>%n Operatoren</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %n layer(s)</source>
        <translation>
            <numerusform>, %n Schicht</numerusform>
            <numerusform>, %n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1
Double click or Return: show its parts</source>
        <translation>%1
Doppelklick oder Eingabetaste: seine Teile zeigen</translation>
    </message>
    <message>
        <source>Input of the policy</source>
        <translation>Eingabe der Policy</translation>
    </message>
    <message>
        <source>Output: %1</source>
        <translation>Ausgabe: %1</translation>
    </message>
    <message>
        <source>Below: bits of weights and activations, and the gap that the layer makes alone</source>
        <translation>Unten: Bits von Gewichten und Aktivierungen, und die Abweichung, die die Schicht allein macht</translation>
    </message>
    <message>
        <source>Blaming layers</source>
        <translation>Schichten werden geprüft</translation>
    </message>
    <message>
        <source>Suggest bits</source>
        <translation>Bits vorschlagen</translation>
    </message>
    <message>
        <source>Largest mean action gap (normalized units) over %1 recorded steps:
now %2 in this episode</source>
        <translation>Größte mittlere Aktionsabweichung (normierte Einheiten) über %1 aufgezeichnete Schritte:
derzeit %2 in dieser Episode</translation>
    </message>
    <message>
        <source>Looking for low bits</source>
        <translation>Wenige Bits werden gesucht</translation>
    </message>
    <message>
        <source>Take the suggested bits (%1 a weight)</source>
        <translation>Die vorgeschlagenen Bits übernehmen (%1 je Gewicht)</translation>
    </message>
    <message>
        <source>Save as policy</source>
        <translation>Als Policy speichern</translation>
    </message>
    <message>
        <source>Policies (*.pt2)</source>
        <translation>Policies (*.pt2)</translation>
    </message>
    <message>
        <source>Saving the policy</source>
        <translation>Die Policy wird gespeichert</translation>
    </message>
    <message>
        <source>float</source>
        <translation>float</translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s)</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>Set weights of %1 to %2 bits</source>
        <translation>Gewichte von %1 auf %2 Bit setzen</translation>
    </message>
    <message>
        <source>Set activations of %1 to %2 bits</source>
        <translation>Aktivierungen von %1 auf %2 Bit setzen</translation>
    </message>
    <message>
        <source>Reset the layers&apos; bits</source>
        <translation>Bits der Schichten zurücksetzen</translation>
    </message>
    <message>
        <source>Bits of the selected layers&apos; weights (keys 2 to 8, 0: floating point)</source>
        <translation>Bits der Gewichte der gewählten Schichten (Tasten 2 bis 8, 0: Gleitkomma)</translation>
    </message>
    <message>
        <source>Bits of what the selected layers read (Alt+2 to Alt+8, Alt+0: floating point)</source>
        <translation>Bits dessen, was die gewählten Schichten lesen (Alt+2 bis Alt+8, Alt+0: Gleitkomma)</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Blame, suggestions, files, colours</source>
        <translation>Verursacher, Vorschläge, Dateien, Farben</translation>
    </message>
    <message>
        <source>&amp;Reset bits</source>
        <translation>Bits &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>Every layer as in the quantized policy again</source>
        <translation>Jede Schicht wieder wie in der quantisierten Policy</translation>
    </message>
    <message>
        <source>Sug&amp;gest bits…</source>
        <translation>Bits vor&amp;schlagen …</translation>
    </message>
    <message>
        <source>Low weight bits for every layer within a budget for the action gap</source>
        <translation>Wenige Bits der Gewichte jeder Schicht innerhalb einer erlaubten Aktionsabweichung</translation>
    </message>
    <message>
        <source>&amp;Save as policy…</source>
        <translation>Als &amp;Policy speichern …</translation>
    </message>
    <message>
        <source>Write these bits as a policy (.pt2) and compare it</source>
        <translation>Diese Bits als Policy (.pt2) schreiben und vergleichen</translation>
    </message>
    <message>
        <source>&amp;Blame layers</source>
        <translation>&amp;Verursacher suchen</translation>
    </message>
    <message>
        <source>Quantize each layer alone, and all but each, over recorded steps</source>
        <translation>Jede Schicht allein, und alle außer jeder, über aufgezeichnete Schritte quantisieren</translation>
    </message>
    <message>
        <source>Colour by b&amp;lame</source>
        <translation>Farbe nach ver&amp;ursachter Abweichung</translation>
    </message>
    <message>
        <source>Colour by weight bi&amp;ts</source>
        <translation>Farbe nach &amp;Bits der Gewichte</translation>
    </message>
    <message>
        <source>Colours of the diagram&apos;s boxes</source>
        <translation>Farben der Kästen des Diagramms</translation>
    </message>
    <message>
        <source>&amp;Fit the diagram</source>
        <translation>Diagramm &amp;einpassen</translation>
    </message>
    <message>
        <source>Double click beside a box</source>
        <translation>Doppelklick neben einem Kasten</translation>
    </message>
    <message>
        <source>&amp;Unfold every module</source>
        <translation>&amp;Jedes Modul aufklappen</translation>
    </message>
    <message>
        <source>A double click on a box folds or unfolds its module</source>
        <translation>Ein Doppelklick auf einen Kasten klappt sein Modul auf oder zu</translation>
    </message>
    <message>
        <source>F&amp;old to fit</source>
        <translation>&amp;Passend zuklappen</translation>
    </message>
    <message>
        <source>As many modules as leave the diagram readable</source>
        <translation>So viele Module, dass das Diagramm lesbar bleibt</translation>
    </message>
    <message>
        <source>The compared policy whose layers are shown</source>
        <translation>Die verglichene Policy, deren Schichten gezeigt werden</translation>
    </message>
    <message>
        <source>&amp;W</source>
        <translation>&amp;W</translation>
    </message>
    <message>
        <source>&amp;A</source>
        <translation>&amp;A</translation>
    </message>
    <message>
        <source>Action gap over the episode&apos;s steps, normalized units</source>
        <translation>Aktionsabweichung über die Schritte der Episode, normierte Einheiten</translation>
    </message>
    <message>
        <source>as quantized</source>
        <translation>wie quantisiert</translation>
    </message>
    <message>
        <source>with these bits</source>
        <translation>mit diesen Bits</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
    <message>
        <source>What the layer reads</source>
        <translation>Was die Schicht liest</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>These layers cannot be looked at</source>
        <translation>Diese Schichten lassen sich nicht ansehen</translation>
    </message>
    <message>
        <source>Another policy…</source>
        <translation>Eine andere Policy …</translation>
    </message>
    <message>
        <source>No layers yet</source>
        <translation>Noch keine Schichten</translation>
    </message>
    <message>
        <source>Drop rollouts (.hdf5) on this window.</source>
        <translation>Rollouts (.hdf5) auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>Drop a policy (.pt2) on this window.</source>
        <translation>Eine Policy (.pt2) auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>Opening the layers…</source>
        <translation>Die Schichten werden geöffnet …</translation>
    </message>
    <message>
        <source>Gap of %1: being computed…</source>
        <translation>Abweichung von %1: wird berechnet …</translation>
    </message>
    <message>
        <source>Gap of %1: mean &lt;b&gt;%2&lt;/b&gt;, largest &lt;b&gt;%3&lt;/b&gt;</source>
        <translation>Abweichung von %1: Mittel &lt;b&gt;%2&lt;/b&gt;, größte &lt;b&gt;%3&lt;/b&gt;</translation>
    </message>
    <message>
        <source>Gap of %1: mean %2 → &lt;b&gt;%3&lt;/b&gt;, largest %4 → &lt;b&gt;%5&lt;/b&gt;</source>
        <translation>Abweichung von %1: Mittel %2 → &lt;b&gt;%3&lt;/b&gt;, größte %4 → &lt;b&gt;%5&lt;/b&gt;</translation>
    </message>
    <message>
        <source>colour: bits of the weights, fewer are brighter</source>
        <translation>Farbe: Bits der Gewichte, weniger sind heller</translation>
    </message>
    <message>
        <source>colour: blame, more is brighter</source>
        <translation>Farbe: verursachte Abweichung, mehr ist heller</translation>
    </message>
    <message>
        <source>Select a layer</source>
        <translation>Eine Schicht wählen</translation>
    </message>
    <message>
        <source>Being computed…</source>
        <translation>Wird berechnet …</translation>
    </message>
</context>
<context>
    <name>sqil::LayoutSwitcher</name>
    <message>
        <source>Your own layout</source>
        <translation>Eigene Anordnung</translation>
    </message>
    <message>
        <source>&amp;Save as own layout…</source>
        <translation>Als &amp;eigene Anordnung speichern …</translation>
    </message>
    <message>
        <source>Re&amp;name “%1”…</source>
        <translation>„%1“ &amp;umbenennen …</translation>
    </message>
    <message>
        <source>&amp;Delete “%1”…</source>
        <translation>„%1“ &amp;löschen …</translation>
    </message>
    <message>
        <source>&amp;Reset to its original arrangement</source>
        <translation>Auf die &amp;ursprüngliche Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation>Anordnung speichern</translation>
    </message>
    <message>
        <source>Name of the layout:</source>
        <translation>Name der Anordnung:</translation>
    </message>
    <message>
        <source>“%1” is a layout of the program. Choose another name.</source>
        <translation>„%1“ ist eine Anordnung des Programms. Bitte einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>Rename layout</source>
        <translation>Anordnung umbenennen</translation>
    </message>
    <message>
        <source>New name of “%1”:</source>
        <translation>Neuer Name von „%1“:</translation>
    </message>
    <message>
        <source>Delete layout</source>
        <translation>Anordnung löschen</translation>
    </message>
    <message>
        <source>Delete the layout “%1”?</source>
        <translation>Die Anordnung „%1“ löschen?</translation>
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
        <translation>Ctrl+Shift+O</translation>
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
        <translation>Ctrl+Shift+S</translation>
    </message>
    <message>
        <source>&amp;Export figures…</source>
        <translation>&amp;Abbildungen exportieren …</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation>Ctrl+E</translation>
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
        <translation>Ctrl+Q</translation>
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
        <translation>Ctrl+Shift+Z</translation>
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation>Ctrl+Y</translation>
    </message>
    <message>
        <source>&amp;Find a command…</source>
        <translation>Befehl &amp;finden …</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>Ctrl+Shift+P</source>
        <translation>Ctrl+Shift+P</translation>
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
        <translation>Anordnung</translation>
    </message>
    <message>
        <source>%1 (Ctrl+%2)</source>
        <translation>%1 (Strg+%2)</translation>
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
        <translation>Shift+Left</translation>
    </message>
    <message>
        <source>Ten steps forward</source>
        <translation>Zehn Schritte vor</translation>
    </message>
    <message>
        <source>Shift+Right</source>
        <translation>Shift+Right</translation>
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
        <translation>Ctrl+Down</translation>
    </message>
    <message>
        <source>Pre&amp;vious episode</source>
        <translation>Vo&amp;rige Episode</translation>
    </message>
    <message>
        <source>Ctrl+Up</source>
        <translation>Ctrl+Up</translation>
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
        <translation>Ctrl+Shift+Q</translation>
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
        <translation>Alles Bekannte (*.sqil *.pt2 *.pt *.zip *.hdf5 *.h5);;Projekte (*.sqil);;Policies (*.pt2 *.pt *.zip);;Rollouts (*.hdf5 *.h5)</translation>
    </message>
    <message>
        <source>SQIL Studio</source>
        <translation>SQIL Studio</translation>
    </message>
    <message>
        <source>Picture of %1 copied</source>
        <translation>Bild von %1 kopiert</translation>
    </message>
    <message>
        <source>%1 written</source>
        <translation>%1 geschrieben</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
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
        <translation>Anhalten (Leertaste)</translation>
    </message>
    <message>
        <source>Play at the control rate (Space)</source>
        <translation>Mit der Steuerrate abspielen (Leertaste)</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1…</translation>
    </message>
    <message>
        <source>%1 – SQIL Studio</source>
        <translation>%1 – SQIL Studio</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Add files to the project</source>
        <translation>Dateien zum Projekt hinzufügen</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Projects (*.sqil)</source>
        <translation>Projekte (*.sqil)</translation>
    </message>
    <message>
        <source>Save the project as</source>
        <translation>Das Projekt speichern unter</translation>
    </message>
    <message>
        <source>Folder for the figures</source>
        <translation>Ordner für die Abbildungen</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written to %1</source>
        <translation>
            <numerusform>%n Datei nach %1 geschrieben</numerusform>
            <numerusform>%n Dateien nach %1 geschrieben</numerusform>
        </translation>
    </message>
    <message>
        <source>About SQIL Studio</source>
        <translation>Über SQIL Studio</translation>
    </message>
    <message>
        <source>&lt;b&gt;SQIL Studio %1&lt;/b&gt;</source>
        <translation>&lt;b&gt;SQIL Studio %1&lt;/b&gt;</translation>
    </message>
    <message>
        <source>Visual analysis and repair of quantized robot policies.&lt;br&gt;&lt;br&gt;SQIL: Saliency-aware Quantized Imitation Learning (ICCV 2025, arXiv 2505.15304).&lt;br&gt;Licence: GPL-3.0-or-later.</source>
        <translation>Visuelle Analyse und Reparatur quantisierter Roboter-Policies.&lt;br&gt;&lt;br&gt;SQIL: Saliency-aware Quantized Imitation Learning (ICCV 2025, arXiv 2505.15304).&lt;br&gt;Lizenz: GPL-3.0-or-later.</translation>
    </message>
    <message>
        <source>&amp;All: both and their difference</source>
        <translation>&amp;Alle: beide und ihre Differenz</translation>
    </message>
    <message>
        <source>Timeline: zoom &amp;in</source>
        <translation>Zeitleiste: &amp;vergrößern</translation>
    </message>
    <message>
        <source>Ctrl++</source>
        <translation>Ctrl++</translation>
    </message>
    <message>
        <source>Ctrl+=</source>
        <translation>Ctrl+=</translation>
    </message>
    <message>
        <source>Timeline: zoom &amp;out</source>
        <translation>Zeitleiste: ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Ctrl+-</source>
        <translation>Ctrl+-</translation>
    </message>
    <message>
        <source>Timeline: earlier steps</source>
        <translation>Zeitleiste: frühere Schritte</translation>
    </message>
    <message>
        <source>Ctrl+Left</source>
        <translation>Ctrl+Left</translation>
    </message>
    <message>
        <source>Timeline: later steps</source>
        <translation>Zeitleiste: spätere Schritte</translation>
    </message>
    <message>
        <source>Ctrl+Right</source>
        <translation>Ctrl+Right</translation>
    </message>
    <message>
        <source>Timeline: all episodes, or &amp;one</source>
        <translation>Zeitleiste: alle Episoden, &amp;oder eine</translation>
    </message>
    <message>
        <source>First &amp;divergence</source>
        <translation>Erste &amp;Divergenz</translation>
    </message>
    <message>
        <source>&amp;Bookmark this step, or not</source>
        <translation>&amp;Lesezeichen setzen oder entfernen</translation>
    </message>
    <message>
        <source>Bookmark with a n&amp;ote…</source>
        <translation>Lesezeichen mit N&amp;otiz …</translation>
    </message>
    <message>
        <source>Shift+B</source>
        <translation>Shift+B</translation>
    </message>
    <message>
        <source>Next boo&amp;kmark</source>
        <translation>Nächstes Lese&amp;zeichen</translation>
    </message>
    <message>
        <source>Previous bookmark</source>
        <translation>Voriges Lesezeichen</translation>
    </message>
    <message>
        <source>Shift+F3</source>
        <translation>Shift+F3</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>A&amp;ufträge</translation>
    </message>
    <message>
        <source>&amp;Repair by training…</source>
        <translation>Durch Training &amp;reparieren …</translation>
    </message>
    <message>
        <source>Ctrl+R</source>
        <translation>Ctrl+R</translation>
    </message>
    <message>
        <source>&amp;New job…</source>
        <translation>&amp;Neuer Auftrag …</translation>
    </message>
    <message>
        <source>Ctrl+J</source>
        <translation>Ctrl+J</translation>
    </message>
    <message>
        <source>Measure a &amp;policy…</source>
        <translation>Eine &amp;Policy messen …</translation>
    </message>
    <message>
        <source>&amp;Import benchmark reports…</source>
        <translation>Messberichte &amp;importieren …</translation>
    </message>
    <message>
        <source>&amp;Show the queue</source>
        <translation>&amp;Warteschlange zeigen</translation>
    </message>
    <message>
        <source>Ctrl+Shift+J</source>
        <translation>Ctrl+Shift+J</translation>
    </message>
    <message>
        <source>All episodes</source>
        <translation>Alle Episoden</translation>
    </message>
    <message>
        <source>Scatter</source>
        <translation>Streudiagramm</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation>Rollouts</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Benchmark</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Trajectory</source>
        <translation>Bahn</translation>
    </message>
    <message>
        <source>%1 (recovered, not saved) – SQIL Studio</source>
        <translation>%1 (gerettet, nicht gespeichert) – SQIL Studio</translation>
    </message>
</context>
<context>
    <name>sqil::MatrixPlot</name>
    <message>
        <source>share of the episode</source>
        <translation>Anteil der Episode</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>sqil::MatrixView</name>
    <message>
        <source>All episodes: a row each, over their steps</source>
        <translation>Alle Episoden: je eine Zeile, über ihre Schritte</translation>
    </message>
    <message>
        <source>Series shown</source>
        <translation>Gezeigte Größe</translation>
    </message>
    <message>
        <source>What the colours show, step by step</source>
        <translation>Was die Farben Schritt für Schritt zeigen</translation>
    </message>
    <message>
        <source>Order of the episodes</source>
        <translation>Ordnung der Episoden</translation>
    </message>
    <message>
        <source>What the episodes are sorted by</source>
        <translation>Wonach die Episoden geordnet sind</translation>
    </message>
    <message>
        <source>By data set</source>
        <translation>Wie im Datensatz</translation>
    </message>
    <message>
        <source>By length</source>
        <translation>Nach Länge</translation>
    </message>
    <message>
        <source>By success</source>
        <translation>Nach Erfolg</translation>
    </message>
    <message>
        <source>By largest gap</source>
        <translation>Nach größter Abweichung</translation>
    </message>
    <message>
        <source>By mean SIS</source>
        <translation>Nach mittlerer SIS</translation>
    </message>
    <message>
        <source>Descending order</source>
        <translation>Absteigend</translation>
    </message>
    <message>
        <source>Smallest first; click for largest first</source>
        <translation>Kleinste zuerst; Klick für größte zuerst</translation>
    </message>
    <message>
        <source>Largest first; click for smallest first</source>
        <translation>Größte zuerst; Klick für kleinste zuerst</translation>
    </message>
    <message>
        <source>Critical states</source>
        <translation>Kritische Zustände</translation>
    </message>
    <message>
        <source>Critical states keep their colours, all other steps turn grey</source>
        <translation>Kritische Zustände behalten ihre Farben, alle anderen Schritte werden grau</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>No steps are picked out any more (Esc)</source>
        <translation>Keine Schritte sind mehr herausgehoben (Esc)</translation>
    </message>
    <message>
        <source>Options of the matrix</source>
        <translation>Optionen der Matrix</translation>
    </message>
    <message>
        <source>How steps become cells and colours</source>
        <translation>Wie aus Schritten Zellen und Farben werden</translation>
    </message>
    <message>
        <source>Cells show the mean of their steps, not the largest</source>
        <translation>Zellen zeigen das Mittel ihrer Schritte, nicht den größten</translation>
    </message>
    <message>
        <source>Colours end at the largest value, not at the 99th percentile</source>
        <translation>Farben enden beim größten Wert, nicht beim 99. Perzentil</translation>
    </message>
    <message>
        <source>Episodes are stretched to one width</source>
        <translation>Episoden werden auf eine Breite gestreckt</translation>
    </message>
    <message>
        <source>time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>picked out: %1 steps of %2 episodes</source>
        <translation>herausgehoben: %1 Schritte aus %2 Episoden</translation>
    </message>
    <message>
        <source>success</source>
        <translation>Erfolg</translation>
    </message>
    <message>
        <source>failure</source>
        <translation>Fehlschlag</translation>
    </message>
    <message>
        <source>episode</source>
        <translation>Episode</translation>
    </message>
    <message>
        <source>outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>mean %1</source>
        <translation>Mittel %1</translation>
    </message>
    <message>
        <source>largest %1</source>
        <translation>größte %1</translation>
    </message>
    <message>
        <source> · success</source>
        <translation> · Erfolg</translation>
    </message>
    <message>
        <source> · failure</source>
        <translation> · Fehlschlag</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
    <message>
        <source> · %1 s</source>
        <translation> · %1 s</translation>
    </message>
    <message>
        <source>SIS %1</source>
        <translation>SIS %1</translation>
    </message>
    <message>
        <source> · critical</source>
        <translation> · kritisch</translation>
    </message>
    <message>
        <source>action gap %1</source>
        <translation>Aktionsabweichung %1</translation>
    </message>
    <message>
        <source>No episodes to compare</source>
        <translation>Keine Episoden zu vergleichen</translation>
    </message>
    <message>
        <source>Drop a policy (.pt2) on this window: SIS of every episode appears here.</source>
        <translation>Eine Policy (.pt2) auf dieses Fenster ziehen: Die SIS jeder Episode erscheint hier.</translation>
    </message>
    <message>
        <source>Drop recorded rollouts (.hdf5) on this window.</source>
        <translation>Aufgezeichnete Rollouts (.hdf5) auf dieses Fenster ziehen.</translation>
    </message>
</context>
<context>
    <name>sqil::MessageBar</name>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>sqil::OverlayMenu</name>
    <message>
        <source>&amp;Other rollouts over these</source>
        <translation>Andere Rollouts &amp;darüber</translation>
    </message>
    <message>
        <source>&amp;Files…</source>
        <translation>&amp;Dateien …</translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation>&amp;Keine</translation>
    </message>
    <message>
        <source>Rollouts to lay over these</source>
        <translation>Rollouts, die darüber gelegt werden</translation>
    </message>
    <message>
        <source>Rollouts (*.hdf5 *.h5)</source>
        <translation>Rollouts (*.hdf5 *.h5)</translation>
    </message>
</context>
<context>
    <name>sqil::PositionChooser</name>
    <message>
        <source>The observation that is the position</source>
        <translation>Die Beobachtung, die die Position ist</translation>
    </message>
    <message>
        <source>x</source>
        <translation>x</translation>
    </message>
    <message>
        <source>y</source>
        <translation>y</translation>
    </message>
    <message>
        <source>z</source>
        <translation>z</translation>
    </message>
    <message>
        <source>Element of the observation that is %1</source>
        <translation>Element der Beobachtung, das %1 ist</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
</context>
<context>
    <name>sqil::PrecisionRecallPlot</name>
    <message>
        <source>recall</source>
        <translation>Trefferquote</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>chance</source>
        <translation>Zufall</translation>
    </message>
</context>
<context>
    <name>sqil::ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop what is running</source>
        <translation>Anhalten, was läuft</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation>%1…</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source> · %1 left</source>
        <translation> · noch %1</translation>
    </message>
    <message>
        <source>%1 of %2 states</source>
        <translation>%1 von %2 Zuständen</translation>
    </message>
    <message>
        <source>Analysis stopped · %1</source>
        <translation>Analyse angehalten · %1</translation>
    </message>
    <message>
        <source>Analysing · %1</source>
        <translation>Analyse läuft · %1</translation>
    </message>
    <message>
        <source>Analysing %1 · %2 · %3 left</source>
        <translation>%1 wird untersucht · %2 · noch %3</translation>
    </message>
    <message>
        <source>Analysing %1 · %2</source>
        <translation>%1 wird untersucht · %2</translation>
    </message>
    <message>
        <source>%1 states analysed</source>
        <translation>%1 Zustände untersucht</translation>
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
        <translation>volle Genauigkeit, in Gebrauch</translation>
    </message>
    <message>
        <source>quantized, in use</source>
        <translation>quantisiert, in Gebrauch</translation>
    </message>
    <message>
        <source>quantized, compared by its actions</source>
        <translation>quantisiert, in ihren Aktionen verglichen</translation>
    </message>
    <message>
        <source>not in use</source>
        <translation>nicht in Gebrauch</translation>
    </message>
    <message>
        <source>%1
%2 episodes</source>
        <translation>%1
%2 Episoden</translation>
    </message>
    <message>
        <source>rollouts, in use</source>
        <translation>Rollouts, in Gebrauch</translation>
    </message>
</context>
<context>
    <name>sqil::ProjectNotices</name>
    <message>
        <source>A policy, its card or the rollouts have changed since these results were computed.</source>
        <translation>Eine Policy, ihre Karte oder die Rollouts haben sich geändert, seit diese Ergebnisse berechnet wurden.</translation>
    </message>
    <message>
        <source>Compute again</source>
        <translation>Neu berechnen</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>%1: not where the project says (%2). Find one, and the others are looked for beside it.</source>
        <translation>%1: nicht da, wo das Projekt sagt (%2). Eine suchen, und die anderen werden neben ihr gesucht.</translation>
    </message>
    <message>
        <source>Find %1…</source>
        <translation>%1 suchen …</translation>
    </message>
    <message>
        <source>Where is %1?</source>
        <translation>Wo ist %1?</translation>
    </message>
    <message>
        <source>%1 (%1);;The same kind (*%2);;All files (*)</source>
        <translation>%1 (%1);;Dieselbe Art (*%2);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>“%1” has no card that fits these rollouts.</source>
        <translation>„%1“ hat keine Karte, die zu diesen Rollouts passt.</translation>
    </message>
    <message>
        <source>Edit the card…</source>
        <translation>Karte bearbeiten …</translation>
    </message>
    <message>
        <source>%1 is damaged. What can be read of it is shown from a copy: %2. The damaged file stays as it is.</source>
        <translation>%1 ist beschädigt. Was sich lesen lässt, wird aus einer Kopie gezeigt: %2. Die beschädigte Datei bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>Save a repaired copy as…</source>
        <translation>Reparierte Kopie speichern unter …</translation>
    </message>
    <message>
        <source>%1 is damaged inside (%2). Nothing more should be written to it.</source>
        <translation>%1 ist innen beschädigt (%2). Es sollte nichts mehr hineingeschrieben werden.</translation>
    </message>
    <message>
        <source>Open what can be read</source>
        <translation>Öffnen, was sich lesen lässt</translation>
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
        <translation>Kein Projekt</translation>
    </message>
    <message>
        <source>Drop files on this window, or open the sample.</source>
        <translation>Dateien auf dieses Fenster ziehen oder das Beispiel öffnen.</translation>
    </message>
    <message>
        <source>Compare as the quantized policy</source>
        <translation>Als quantisierte Policy vergleichen</translation>
    </message>
    <message>
        <source>Compare as the full-precision policy</source>
        <translation>Als Policy in voller Genauigkeit vergleichen</translation>
    </message>
    <message>
        <source>Compare its actions as well</source>
        <translation>Auch ihre Aktionen vergleichen</translation>
    </message>
    <message>
        <source>Quantize…</source>
        <translation>Quantisieren …</translation>
    </message>
    <message>
        <source>Show these rollouts</source>
        <translation>Diese Rollouts zeigen</translation>
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
        <translation>Dateien hinzufügen …</translation>
    </message>
    <message>
        <source>Remove from the project</source>
        <translation>Aus dem Projekt entfernen</translation>
    </message>
    <message>
        <source>Remove “%1” from the project?</source>
        <translation>„%1“ aus dem Projekt entfernen?</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Where is “%1”?</source>
        <translation>Wo ist „%1“?</translation>
    </message>
    <message>
        <source>Policies (*.pt2 *.pt *.zip)</source>
        <translation>Policies (*.pt2 *.pt *.zip)</translation>
    </message>
    <message>
        <source>Rollouts (*.hdf5 *.h5)</source>
        <translation>Rollouts (*.hdf5 *.h5)</translation>
    </message>
    <message>
        <source>Rename the policy or rollouts</source>
        <translation>Policy oder Rollouts umbenennen</translation>
    </message>
    <message>
        <source>Edit the card…</source>
        <translation>Karte bearbeiten …</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>The analyses that use it go with it; Undo brings all back as long as the project is open. The file itself stays where it is.</source>
        <translation>Die Analysen, die es verwenden, gehen mit; Rückgängig holt alles zurück, solange das Projekt offen ist. Die Datei selbst bleibt, wo sie ist.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>New name of “%1”:</source>
        <translation>Neuer Name von „%1“:</translation>
    </message>
</context>
<context>
    <name>sqil::QuantizeDialog</name>
    <message>
        <source>Quantize a policy</source>
        <translation>Eine Policy quantisieren</translation>
    </message>
    <message>
        <source>A low-bit version of “%1” is made after training (round to nearest), calibrated on the open rollouts, and added to the project.</source>
        <translation>Eine Fassung von „%1“ mit wenigen Bits wird nach dem Training hergestellt (Runden zum Nächsten), an den offenen Rollouts kalibriert und zum Projekt hinzugefügt.</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>output channel</source>
        <translation>Ausgabekanal</translation>
    </message>
    <message>
        <source>group of inputs</source>
        <translation>Gruppe von Eingaben</translation>
    </message>
    <message>
        <source> inputs</source>
        <translation> Eingaben</translation>
    </message>
    <message>
        <source> steps</source>
        <translation> Schritte</translation>
    </message>
    <message>
        <source>&amp;Weights</source>
        <translation>&amp;Gewichte</translation>
    </message>
    <message>
        <source>One scale per</source>
        <translation>Ein Faktor je</translation>
    </message>
    <message>
        <source>Group size</source>
        <translation>Gruppengröße</translation>
    </message>
    <message>
        <source>Range of weights</source>
        <translation>Bereich der Gewichte</translation>
    </message>
    <message>
        <source>&amp;Activations</source>
        <translation>&amp;Aktivierungen</translation>
    </message>
    <message>
        <source>Range of activations</source>
        <translation>Bereich der Aktivierungen</translation>
    </message>
    <message>
        <source>Calibrated on</source>
        <translation>Kalibriert an</translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation>Quantisieren</translation>
    </message>
    <message>
        <source>Choose fewer bits for weights or activations.</source>
        <translation>Weniger Bits für Gewichte oder Aktivierungen wählen.</translation>
    </message>
    <message>
        <source>The result is called %1.</source>
        <translation>Das Ergebnis heißt %1.</translation>
    </message>
</context>
<context>
    <name>sqil::RecentButton</name>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
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
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>succeeded</source>
        <translation>gelungen</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>gescheitert</translation>
    </message>
</context>
<context>
    <name>sqil::RolloutsView</name>
    <message>
        <source>What the filter does not say clearly</source>
        <translation>Was der Filter nicht klar sagt</translation>
    </message>
    <message>
        <source>No rollouts</source>
        <translation>Keine Rollouts</translation>
    </message>
    <message>
        <source>Drop recorded rollouts (.hdf5) on this window: their episodes are listed here.</source>
        <translation>Aufgezeichnete Rollouts (.hdf5) auf dieses Fenster ziehen: Ihre Episoden stehen dann hier.</translation>
    </message>
    <message>
        <source>Episodes</source>
        <translation>Episoden</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>%1 of %2 episodes</source>
        <translation>%1 von %2 Episoden</translation>
    </message>
    <message>
        <source>1 episode</source>
        <translation>1 Episode</translation>
    </message>
    <message>
        <source>%1 episodes</source>
        <translation>%1 Episoden</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 of %2 episodes are shown</source>
        <translation>%1 von %2 Episoden werden gezeigt</translation>
    </message>
</context>
<context>
    <name>sqil::ScatterView</name>
    <message>
        <source>SIS against action gap, a point a step</source>
        <translation>SIS gegen Aktionsabweichung, ein Punkt je Schritt</translation>
    </message>
    <message>
        <source>Gap shown</source>
        <translation>Gezeigte Abweichung</translation>
    </message>
    <message>
        <source>Whose action gap is shown against SIS</source>
        <translation>Wessen Aktionsabweichung gegen SIS gezeigt wird</translation>
    </message>
    <message>
        <source>Log axes</source>
        <translation>Log. Achsen</translation>
    </message>
    <message>
        <source>Logarithmic axes: small values have as much room as large ones; zeros have no place</source>
        <translation>Logarithmische Achsen: Kleine Werte haben so viel Platz wie große; Nullen haben keinen Ort</translation>
    </message>
    <message>
        <source>Large gaps:</source>
        <translation>Große Abweichungen:</translation>
    </message>
    <message>
        <source>How large gaps are chosen</source>
        <translation>Wie große Abweichungen gewählt werden</translation>
    </message>
    <message>
        <source>top</source>
        <translation>obere</translation>
    </message>
    <message>
        <source>above</source>
        <translation>über</translation>
    </message>
    <message>
        <source>Which gaps are large</source>
        <translation>Welche Abweichungen groß sind</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>The top p % of all gaps count as large</source>
        <translation>Die oberen p % aller Abweichungen gelten als groß</translation>
    </message>
    <message>
        <source>Gaps above this value (normalized units) count as large</source>
        <translation>Abweichungen über diesem Wert (normierte Einheiten) gelten als groß</translation>
    </message>
    <message>
        <source>Correlation of SIS and gap</source>
        <translation>Korrelation von SIS und Abweichung</translation>
    </message>
    <message>
        <source>SIS as a detector of large gaps</source>
        <translation>SIS als Melder großer Abweichungen</translation>
    </message>
    <message>
        <source>Precision over recall of SIS as a detector of large gaps</source>
        <translation>Genauigkeit über Trefferquote der SIS als Melder großer Abweichungen</translation>
    </message>
    <message>
        <source>Gap of %1</source>
        <translation>Abweichung von %1</translation>
    </message>
    <message>
        <source>SIS (mean S)</source>
        <translation>SIS (mittleres S)</translation>
    </message>
    <message>
        <source>action gap (normalized)</source>
        <translation>Aktionsabweichung (normiert)</translation>
    </message>
    <message>
        <source>T</source>
        <translation>T</translation>
    </message>
    <message>
        <source>large</source>
        <translation>groß</translation>
    </message>
    <message>
        <source>at T</source>
        <translation>bei T</translation>
    </message>
    <message>
        <source>episode</source>
        <translation>Episode</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>%1 steps; Pearson r %2, Spearman ρ %3; average precision %4 (chance %5)</source>
        <translation>%1 Schritte; Pearson r %2, Spearman ρ %3; mittlere Genauigkeit %4 (Zufall %5)</translation>
    </message>
    <message>
        <source>No step has both SIS and a gap yet.</source>
        <translation>Noch hat kein Schritt sowohl SIS als auch Abweichung.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Pearson r</source>
        <translation>Pearson r</translation>
    </message>
    <message>
        <source>Spearman ρ</source>
        <translation>Spearman ρ</translation>
    </message>
    <message>
        <source>%1 steps of %2 episodes.
In brackets the 95 % interval %3.
Taking steps as independent: Pearson %4, Spearman %5 – too narrow, for the steps of an episode resemble each other.</source>
        <translation>%1 Schritte aus %2 Episoden.
In Klammern das 95-%-Intervall %3.
Schritte als unabhängig genommen: Pearson %4, Spearman %5 – zu eng, denn die Schritte einer Episode ähneln einander.</translation>
    </message>
    <message>
        <source>over whole episodes (bootstrap)</source>
        <translation>über ganze Episoden (Bootstrap)</translation>
    </message>
    <message>
        <source>over steps (too few episodes for a bootstrap)</source>
        <translation>über Schritte (zu wenige Episoden für einen Bootstrap)</translation>
    </message>
    <message>
        <source>Average precision</source>
        <translation>Mittlere Genauigkeit</translation>
    </message>
    <message>
        <source>%1, chance %2</source>
        <translation>%1, Zufall %2</translation>
    </message>
    <message>
        <source>At the threshold T</source>
        <translation>An der Schwelle T</translation>
    </message>
    <message>
        <source>precision %1, recall %2</source>
        <translation>Genauigkeit %1, Trefferquote %2</translation>
    </message>
    <message>
        <source>SIS as a detector of gaps above %1: %2 of %3 steps have one.
It needs no quantized policy; chance is the share of such steps. T is the threshold of the critical states.</source>
        <translation>SIS als Melder von Abweichungen über %1: %2 von %3 Schritten haben eine.
Er braucht keine quantisierte Policy; Zufall ist der Anteil solcher Schritte. T ist die Schwelle der kritischen Zustände.</translation>
    </message>
    <message>
        <source>, up to %1 at one place</source>
        <translation>, bis zu %1 an einer Stelle</translation>
    </message>
    <message>
        <source>, %1 of them zero: not shown</source>
        <translation>, %1 davon null: nicht gezeigt</translation>
    </message>
    <message>
        <source>, %1 picked out</source>
        <translation>, %1 herausgehoben</translation>
    </message>
    <message>
        <source>Nothing to set against SIS</source>
        <translation>Nichts gegen SIS aufzutragen</translation>
    </message>
    <message>
        <source>Make a low-bit version of the policy (Analysis ▸ Quantize), or drop one on this window: its action gap is shown against SIS.</source>
        <translation>Eine Fassung der Policy mit wenigen Bits herstellen (Analyse ▸ Quantisieren) oder eine auf dieses Fenster ziehen: Ihre Aktionsabweichung wird gegen SIS gezeigt.</translation>
    </message>
    <message>
        <source>Drop a policy (.pt2), its quantized version and rollouts (.hdf5) on this window.</source>
        <translation>Eine Policy (.pt2), ihre quantisierte Fassung und Rollouts (.hdf5) auf dieses Fenster ziehen.</translation>
    </message>
</context>
<context>
    <name>sqil::Selection</name>
    <message>
        <source>Change critical share to %1 %</source>
        <translation>Anteil kritischer Zustände auf %1 % ändern</translation>
    </message>
    <message>
        <source>Remove a bookmark</source>
        <translation>Ein Lesezeichen entfernen</translation>
    </message>
    <message>
        <source>Bookmark a step</source>
        <translation>Ein Lesezeichen setzen</translation>
    </message>
    <message>
        <source>Change a bookmark&apos;s note</source>
        <translation>Die Notiz eines Lesezeichens ändern</translation>
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
        <translation>Zeitleiste: Zeiger bewegen</translation>
    </message>
    <message>
        <source>click, drag</source>
        <translation>klicken, ziehen</translation>
    </message>
    <message>
        <source>Timeline: zoom at the mouse</source>
        <translation>Zeitleiste: an der Maus zoomen</translation>
    </message>
    <message>
        <source>wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>Timeline: pan</source>
        <translation>Zeitleiste: verschieben</translation>
    </message>
    <message>
        <source>middle drag, Shift+drag, Shift+wheel</source>
        <translation>mit mittlerer Taste ziehen, Umschalt+ziehen, Umschalt+Rad</translation>
    </message>
    <message>
        <source>Timeline: whole episode</source>
        <translation>Zeitleiste: ganze Episode</translation>
    </message>
    <message>
        <source>double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Picture: zoom, pan, fit</source>
        <translation>Bild: zoomen, verschieben, einpassen</translation>
    </message>
    <message>
        <source>wheel, drag, double click</source>
        <translation>Rad, ziehen, Doppelklick</translation>
    </message>
    <message>
        <source>Action courses: move the cursor</source>
        <translation>Aktionsverläufe: Zeiger bewegen</translation>
    </message>
</context>
<context>
    <name>sqil::SpaceView</name>
    <message>
        <source>Paths in space</source>
        <translation>Bahnen im Raum</translation>
    </message>
</context>
<context>
    <name>sqil::StateStrip</name>
    <message>
        <source>%1[%2]: S %3</source>
        <translation>%1[%2]: S %3</translation>
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
        <translation>%1 wird geöffnet</translation>
    </message>
    <message>
        <source>Creating %1</source>
        <translation>%1 wird angelegt</translation>
    </message>
    <message>
        <source>The sample is not there: expected resources/sample beside the program. Drop a policy (.pt2) and rollouts (.hdf5) of your own on the window instead.</source>
        <translation>Das Beispiel ist nicht da: erwartet wird resources/sample neben dem Programm. Stattdessen eine eigene Policy (.pt2) und Rollouts (.hdf5) auf das Fenster ziehen.</translation>
    </message>
    <message>
        <source>Opening the sample</source>
        <translation>Das Beispiel wird geöffnet</translation>
    </message>
    <message>
        <source>%1: not a kind of file this program knows; expected a policy (.pt2, .pt, .zip), rollouts (.hdf5) or a project (.sqil)</source>
        <translation>%1: keine Art von Datei, die dieses Programm kennt; erwartet wird eine Policy (.pt2, .pt, .zip), Rollouts (.hdf5) oder ein Projekt (.sqil)</translation>
    </message>
    <message>
        <source>Reading %1</source>
        <translation>%1 wird gelesen</translation>
    </message>
    <message>
        <source>Saving %1</source>
        <translation>%1 wird gespeichert</translation>
    </message>
    <message>
        <source>%1 policies are compared already; leave one out first</source>
        <translation>%1 Policies werden schon verglichen; bitte zuerst eine weglassen</translation>
    </message>
    <message>
        <source>Quantizing to %1</source>
        <translation>Quantisierung auf %1</translation>
    </message>
    <message>
        <source>Reading the project</source>
        <translation>Das Projekt wird gelesen</translation>
    </message>
    <message>
        <source>Reading benchmark reports</source>
        <translation>Messberichte werden gelesen</translation>
    </message>
    <message>
        <source>Import a benchmark report</source>
        <translation>Einen Messbericht importieren</translation>
    </message>
    <message>
        <source>Import %1 benchmark reports</source>
        <translation>%1 Messberichte importieren</translation>
    </message>
    <message>
        <source>Remove the benchmark “%1”</source>
        <translation>Die Messung „%1“ entfernen</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Choose another perturbation</source>
        <translation>Eine andere Störung wählen</translation>
    </message>
    <message>
        <source>Remove “%1”</source>
        <translation>„%1“ entfernen</translation>
    </message>
    <message>
        <source>Rename “%1” to “%2”</source>
        <translation>„%1“ in „%2“ umbenennen</translation>
    </message>
    <message>
        <source>Edit the card of “%1”</source>
        <translation>Die Karte von „%1“ bearbeiten</translation>
    </message>
    <message numerus="yes">
        <source>Locate %n file(s)</source>
        <translation>
            <numerusform>%n Datei suchen</numerusform>
            <numerusform>%n Dateien suchen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %n file(s)</source>
        <translation>
            <numerusform>%n Datei hinzufügen</numerusform>
            <numerusform>%n Dateien hinzufügen</numerusform>
        </translation>
    </message>
    <message>
        <source>Checking the card of %1</source>
        <translation>Die Karte von %1 wird geprüft</translation>
    </message>
    <message>
        <source>A card says which recorded keys feed the policy: add rollouts first.</source>
        <translation>Eine Karte sagt, welche aufgezeichneten Schlüssel die Policy speisen: bitte zuerst Rollouts hinzufügen.</translation>
    </message>
    <message>
        <source>Reading what is left of %1</source>
        <translation>Was von %1 übrig ist, wird gelesen</translation>
    </message>
    <message>
        <source>%1: no step has a gap among the largest %2 % of the data set (above %3)</source>
        <translation>%1: Kein Schritt hat eine Abweichung unter den größten %2 % des Datensatzes (über %3)</translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation>Quantisieren</translation>
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
        <translation>SIS und Aktionsabweichung über die Schritte der Episode</translation>
    </message>
    <message>
        <source>Playing speed</source>
        <translation>Abspielgeschwindigkeit</translation>
    </message>
    <message>
        <source>Playing speed: 1× is the policy&apos;s control rate</source>
        <translation>Abspielgeschwindigkeit: 1× ist die Steuerrate der Policy</translation>
    </message>
    <message>
        <source>%1×</source>
        <translation>%1×</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Critical: top</source>
        <translation>Kritisch: obere</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Share of states that are critical</source>
        <translation>Anteil der Zustände, die kritisch sind</translation>
    </message>
    <message>
        <source>%1 · step %2 of %3</source>
        <translation>%1 · Schritt %2 von %3</translation>
    </message>
    <message>
        <source> · %1 s</source>
        <translation> · %1 s</translation>
    </message>
    <message>
        <source>critical</source>
        <translation>kritisch</translation>
    </message>
    <message>
        <source>Threshold T: SIS %1, over %2 of %3 states of the data set</source>
        <translation>Schwelle T: SIS %1, über %2 von %3 Zuständen des Datensatzes</translation>
    </message>
    <message>
        <source>No policy to analyse</source>
        <translation>Keine Policy zu untersuchen</translation>
    </message>
    <message>
        <source>Drop the full-precision policy (.pt2) on this window: SIS and the action gap appear here.</source>
        <translation>Die Policy in voller Genauigkeit (.pt2) auf dieses Fenster ziehen: SIS und Aktionsabweichung erscheinen hier.</translation>
    </message>
    <message>
        <source>No episode selected</source>
        <translation>Keine Episode gewählt</translation>
    </message>
    <message>
        <source>The timeline shows SIS and the action gap over an episode&apos;s steps.</source>
        <translation>Die Zeitleiste zeigt SIS und Aktionsabweichung über die Schritte einer Episode.</translation>
    </message>
    <message>
        <source>Episode</source>
        <translation>Episode</translation>
    </message>
    <message>
        <source>The steps of this episode</source>
        <translation>Die Schritte dieser Episode</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>The steps of all episodes, one after the other (A)</source>
        <translation>Die Schritte aller Episoden, nacheinander (A)</translation>
    </message>
    <message>
        <source>Critical states are those whose SIS is among the highest p % of the whole data set. The dashed line in the SIS lane can be dragged, too.</source>
        <translation>Kritische Zustände sind die, deren SIS zu den höchsten p % des ganzen Datensatzes gehört. Die gestrichelte Linie in der SIS-Spur lässt sich auch ziehen.</translation>
    </message>
    <message>
        <source>Lanes</source>
        <translation>Spuren</translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation>Lesezeichen</translation>
    </message>
    <message>
        <source>Bookmarks and notes (B marks the step, Shift+B with a note)</source>
        <translation>Lesezeichen und Notizen (B markiert den Schritt, Umschalt+B mit Notiz)</translation>
    </message>
    <message>
        <source>Which lanes are shown</source>
        <translation>Welche Spuren gezeigt werden</translation>
    </message>
    <message>
        <source>Action: %1</source>
        <translation>Aktion: %1</translation>
    </message>
    <message>
        <source> · top %1 % · %2 states critical</source>
        <translation> · obere %1 % · %2 Zustände kritisch</translation>
    </message>
    <message>
        <source>5 % largest</source>
        <translation>größte 5 %</translation>
    </message>
    <message>
        <source>%1 of %2 states so far</source>
        <translation>bisher %1 von %2 Zuständen</translation>
    </message>
    <message>
        <source>%1 of %2 states</source>
        <translation>%1 von %2 Zuständen</translation>
    </message>
    <message>
        <source>Go to step %1</source>
        <translation>Gehe zu Schritt %1</translation>
    </message>
    <message>
        <source>Remove the bookmark of step %1</source>
        <translation>Lesezeichen von Schritt %1 entfernen</translation>
    </message>
    <message>
        <source>Bookmark step %1</source>
        <translation>Lesezeichen bei Schritt %1</translation>
    </message>
    <message>
        <source>Bookmark with a note…</source>
        <translation>Lesezeichen mit Notiz …</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Alles zeigen</translation>
    </message>
</context>
<context>
    <name>sqil::TrajectoryView</name>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Which paths, and where to look from</source>
        <translation>Welche Bahnen, und von wo aus</translation>
    </message>
    <message>
        <source>What the paths&apos; colours say</source>
        <translation>Was die Farben der Bahnen sagen</translation>
    </message>
    <message>
        <source>SIS</source>
        <translation>SIS</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>Success</source>
        <translation>Erfolg</translation>
    </message>
    <message>
        <source>Recorded policy</source>
        <translation>Aufgezeichnete Policy</translation>
    </message>
    <message>
        <source>The episode al&amp;one</source>
        <translation>Nur die E&amp;pisode</translation>
    </message>
    <message>
        <source>The path of the episode that is shown</source>
        <translation>Die Bahn der gezeigten Episode</translation>
    </message>
    <message>
        <source>All that &amp;began as it did</source>
        <translation>Alle, die &amp;ebenso begannen</translation>
    </message>
    <message>
        <source>Episodes with the same recorded seed, of every policy and file; balls show where each is at this step</source>
        <translation>Episoden mit demselben aufgezeichneten Startwert, jeder Policy und Datei; Kugeln zeigen, wo jede bei diesem Schritt ist</translation>
    </message>
    <message>
        <source>&amp;All episodes</source>
        <translation>&amp;Alle Episoden</translation>
    </message>
    <message>
        <source>Every path that was read</source>
        <translation>Jede gelesene Bahn</translation>
    </message>
    <message>
        <source>&amp;Critical states as balls</source>
        <translation>&amp;Kritische Zustände als Kugeln</translation>
    </message>
    <message>
        <source>Camera frame at the c&amp;ursor</source>
        <translation>Kamerabild am &amp;Zeiger</translation>
    </message>
    <message>
        <source>&amp;Orthographic</source>
        <translation>&amp;Orthografisch</translation>
    </message>
    <message>
        <source>&amp;Isometric</source>
        <translation>&amp;Isometrisch</translation>
    </message>
    <message>
        <source>From the &amp;front</source>
        <translation>Von &amp;vorn</translation>
    </message>
    <message>
        <source>From the &amp;side</source>
        <translation>Von der &amp;Seite</translation>
    </message>
    <message>
        <source>From abo&amp;ve</source>
        <translation>Von o&amp;ben</translation>
    </message>
    <message>
        <source>Show &amp;everything</source>
        <translation>Alles zei&amp;gen</translation>
    </message>
    <message>
        <source>Scene from a &amp;MuJoCo model…</source>
        <translation>Szene aus einem &amp;MuJoCo-Modell …</translation>
    </message>
    <message>
        <source>&amp;Without a scene</source>
        <translation>Ohne S&amp;zene</translation>
    </message>
    <message>
        <source>No 3-D view</source>
        <translation>Keine 3-D-Ansicht</translation>
    </message>
    <message>
        <source>No path yet</source>
        <translation>Noch keine Bahn</translation>
    </message>
    <message>
        <source>Drop rollouts (.hdf5) on this window.</source>
        <translation>Rollouts (.hdf5) auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>No positions in these rollouts</source>
        <translation>Keine Positionen in diesen Rollouts</translation>
    </message>
    <message>
        <source>None of their observations is a vector of numbers that could be a place in space.</source>
        <translation>Keine ihrer Beobachtungen ist ein Vektor von Zahlen, der ein Ort im Raum sein könnte.</translation>
    </message>
    <message>
        <source>Reading the path&apos;s settings</source>
        <translation>Die Einstellungen der Bahn werden gelesen</translation>
    </message>
    <message>
        <source>Keeping the path&apos;s settings</source>
        <translation>Die Einstellungen der Bahn werden behalten</translation>
    </message>
    <message>
        <source>Reading paths</source>
        <translation>Bahnen werden gelesen</translation>
    </message>
    <message>
        <source>Left out of the paths: %1</source>
        <translation>Bei den Bahnen weggelassen: %1</translation>
    </message>
    <message>
        <source>x</source>
        <translation>x</translation>
    </message>
    <message>
        <source>y</source>
        <translation>y</translation>
    </message>
    <message>
        <source>z</source>
        <translation>z</translation>
    </message>
    <message>
        <source>1 episode</source>
        <translation>1 Episode</translation>
    </message>
    <message>
        <source>%1 episodes</source>
        <translation>%1 Episoden</translation>
    </message>
    <message>
        <source>%1 critical of %2 states</source>
        <translation>%1 von %2 Zuständen kritisch</translation>
    </message>
    <message>
        <source>not shown: %1</source>
        <translation>nicht gezeigt: %1</translation>
    </message>
    <message>
        <source>MuJoCo model</source>
        <translation>MuJoCo-Modell</translation>
    </message>
    <message>
        <source>MuJoCo models (*.xml *.mjcf)</source>
        <translation>MuJoCo-Modelle (*.xml *.mjcf)</translation>
    </message>
    <message>
        <source>Reading the scene</source>
        <translation>Die Szene wird gelesen</translation>
    </message>
    <message>
        <source>%1 of %2 episodes</source>
        <translation>%1 von %2 Episoden</translation>
    </message>
</context>
<context>
    <name>sqil::Unattended</name>
    <message>
        <source>There is no episode “%1” in these rollouts.</source>
        <translation>Es gibt keine Episode „%1“ in diesen Rollouts.</translation>
    </message>
    <message>
        <source>There is no panel “%1”.</source>
        <translation>Es gibt keinen Bereich „%1“.</translation>
    </message>
    <message>
        <source>%1: cannot be written</source>
        <translation>%1: lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>%1: the file is not there; was it moved?</source>
        <translation>%1: Die Datei ist nicht da; wurde sie verschoben?</translation>
    </message>
</context>
<context>
    <name>sqil::ViewExporter</name>
    <message>
        <source>%1 shows nothing yet that could be exported: open rollouts and a policy, and choose an episode first.</source>
        <translation>%1 zeigt noch nichts, was sich exportieren ließe: Rollouts und eine Policy öffnen und zuerst eine Episode wählen.</translation>
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
        <translation>Die Daten von %1 exportieren</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Durch Kommas getrennte Werte (*.csv)</translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation>%1 wird geschrieben</translation>
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
        <translation>beschädigt: öffnet, was sich lesen lässt</translation>
    </message>
    <message>
        <source>cannot be opened</source>
        <translation>lässt sich nicht öffnen</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) moved</source>
        <translation>
            <numerusform>%n Datei verschoben</numerusform>
            <numerusform>%n Dateien verschoben</numerusform>
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
        <translation>SQIL Studio</translation>
    </message>
    <message>
        <source>See which states of a robot policy matter, where it looks, and where its quantized version acts differently.</source>
        <translation>Sehen, welche Zustände einer Roboter-Policy zählen, wohin sie schaut und wo ihre quantisierte Fassung anders handelt.</translation>
    </message>
    <message>
        <source>Drop a policy (.pt2, .pt, .zip), recorded rollouts (.hdf5) or a project (.sqil) here</source>
        <translation>Eine Policy (.pt2, .pt, .zip), aufgezeichnete Rollouts (.hdf5) oder ein Projekt (.sqil) hierher ziehen</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>A pick-and-place policy, its 4-bit version that fails, and rollouts of both</source>
        <translation>Eine Greif-und-Lege-Policy, ihre 4-Bit-Fassung, die versagt, und Rollouts beider</translation>
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
        <translation>Zuletzt benutzte Projekte werden angesehen</translation>
    </message>
    <message>
        <source>Repair the sample…</source>
        <translation>Das Beispiel reparieren …</translation>
    </message>
    <message>
        <source>Open the sample and train its 4-bit policy with saliency-weighted distillation</source>
        <translation>Das Beispiel öffnen und seine 4-Bit-Policy mit salienzgewichteter Destillation trainieren</translation>
    </message>
</context>
</TS>
