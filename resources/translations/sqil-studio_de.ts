<?xml version='1.0' encoding='utf-8'?>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ActionValues</name>
    <message>
        <source>action %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>normalized</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Start a repair, watch its loss, gap and success</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Benchmark</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Latency, memory, energy and success of each policy</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Figures</source>
        <translation>Abbildungen</translation>
    </message>
    <message>
        <source>The views of a paper, each with its export menu</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Perturbations</name>
    <message>
        <source>Local blur (Greydanus)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Patches set to the mean</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>State dimensions set to the mean</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Local blur and state dimensions</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>%1: %2 steps</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>, succeeded</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>, failed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>
total reward %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 bits</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>floating point</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>smallest and largest value</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>99.9th percentile</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>least squared error</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::ActionBars</name>
    <message>
        <source>Reference</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Compared</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Action by dimension</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>no unit</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Δ %1%2</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::ActionsView</name>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Nothing to compare with</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Make a low-bit version of this policy, or drop one you have on the window.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Quantize…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No actions yet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Drop rollouts (.hdf5) on this window.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Drop a policy (.pt2) on this window.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::AnalysisWorker</name>
    <message>
        <source>%1 cannot be written: what is computed now is not kept</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::ColourBar</name>
    <message>
        <source>Colour scale</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>up to %1 %2</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Command, episode, “step 120”, project or layout</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Command, episode, step, project or layout</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Found</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nothing is called “%1”</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 steps</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> · succeeded</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> · failed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Go to %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Open %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 ends at step %2</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Go to step %1</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::DockTitleBar</name>
    <message>
        <source>Export figure, data or copy of this view</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Menu of %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Float %1, or put it back</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Close %1 (View ▸ Panels opens it again)</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::FigureDialog</name>
    <message>
        <source>Export figure: %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Browse…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>PDF (vector)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>SVG (vector)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>PNG (picture)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> dots per inch</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Resolution</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Resolution of the PNG picture; print asks for 300 to 600</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>F&amp;ormat</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>One column (88 mm)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Two columns (180 mm)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Own size</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> mm</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Width</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Height</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>×</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Size</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Export figure</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Figures (*.pdf *.svg *.png)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Give the file a name.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1: there is no such folder.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>“%1” exists already. Replace it?</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::FramesView</name>
    <message>
        <source>Saliency shown</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Full precision</source>
        <translation>Volle Genauigkeit</translation>
    </message>
    <message>
        <source>Where the full-precision policy looks (1)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Where the quantized policy looks (2)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Quantized minus full precision (3)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Both</source>
        <translation>Beide</translation>
    </message>
    <message>
        <source>Full precision and quantized side by side (4)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Overlay</source>
        <translation>Überlagerung</translation>
    </message>
    <message>
        <source>Opacity of the saliency overlay</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Opacity of the saliency overlay: %1 % (+ and −)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Colour map</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Colour map of the saliency</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Colour scale</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Where the colours end: at the largest score of the frame, which shows faint maps, or of the episode, which makes frames comparable</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Scale: frame</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Scale: episode</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Frames</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>No rollouts to look at</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Drop recorded rollouts (.hdf5) on this window, or add them with File ▸ Add files.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>These rollouts have no steps</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Every episode in %1 is empty.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>These rollouts have no camera.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>ΔS, quantized − full precision</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>saliency S = ½|Δπ|²</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 · full precision</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 · quantized</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 · quantized − full precision</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>This picture's format cannot be shown.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>not analysed yet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>computing saliency…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>x %1, y %2 px</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> · ΔS %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> · S %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1, step %2</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> (%1 s)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>saliency S</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Quantized − full precision</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>difference ΔS</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>saliency</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>camera</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>x (px)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>y (px)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>S full precision</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>S quantized</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::LayoutSwitcher</name>
    <message>
        <source>Your own layout</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Save as own layout…</source>
        <translation>Als &amp;eigene Anordnung speichern …</translation>
    </message>
    <message>
        <source>Re&amp;name “%1”…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Delete “%1”…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Reset to its original arrangement</source>
        <translation>Auf die &amp;ursprüngliche Anordnung zurücksetzen</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Name of the layout:</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>“%1” is a layout of the program. Choose another name.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Rename layout</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>New name of “%1”:</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Delete layout</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Delete the layout “%1”?</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Export figures…</source>
        <translation>&amp;Abbildungen exportieren …</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Find a command…</source>
        <translation>Befehl &amp;finden …</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Ctrl+Shift+P</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 (Ctrl+%2)</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Ten steps forward</source>
        <translation>Zehn Schritte vor</translation>
    </message>
    <message>
        <source>Shift+Right</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Pre&amp;vious episode</source>
        <translation>Vo&amp;rige Episode</translation>
    </message>
    <message>
        <source>Ctrl+Up</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>SQIL Studio</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Picture of %1 copied</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 written</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished" />
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
        <source>A policy or the rollouts have changed since these results were computed.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Compute again</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Play at the control rate (Space)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 – SQIL Studio</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Add files to the project</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>New project</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Projects (*.sqil)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Save the project as</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Folder for the figures</source>
        <translation type="unfinished" />
    </message>
    <message numerus="yes">
        <source>%n file(s) written to %1</source>
        <translation type="unfinished">
            <numerusform />
            <numerusform />
        </translation>
    </message>
    <message>
        <source>About SQIL Studio</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&lt;b&gt;SQIL Studio %1&lt;/b&gt;</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Visual analysis and repair of quantized robot policies.&lt;br&gt;&lt;br&gt;SQIL: Saliency-aware Quantized Imitation Learning (ICCV 2025, arXiv 2505.15304).&lt;br&gt;Licence: GPL-3.0-or-later.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::MessageBar</name>
    <message>
        <source>Messages</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop what is running</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>%1…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> · %1 left</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 of %2 states</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Analysis stopped · %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Analysing · %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Analysing %1 · %2 · %3 left</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Analysing %1 · %2</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 states analysed</source>
        <translation type="unfinished" />
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
        <source>SIS</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Gap</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Mean SIS of the episode's analysed states (of S = ½|Δπ|²)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Largest action gap of the episode, in normalized units</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>quantized, in use</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>quantized, compared by its actions</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>not in use</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Drop files on this window, or open the sample.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Compare as the quantized policy</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Compare as the full-precision policy</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Compare its actions as well</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Quantize…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Show this episode</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Show these rollouts</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Remove from the project</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Remove “%1” from the project?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The analyses that use it are removed as well. The file itself stays where it is.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Where is “%1”?</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Policies (*.pt2 *.pt *.zip)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Rollouts (*.hdf5 *.h5)</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::QuantizeDialog</name>
    <message>
        <source>Quantize a policy</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A low-bit version of “%1” is made after training (round to nearest), calibrated on the open rollouts, and added to the project.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>layer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>output channel</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>group of inputs</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> inputs</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> steps</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Weights</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>One scale per</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Group size</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Range of weights</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Activations</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Range of activations</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Calibrated on</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Quantize</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Choose fewer bits for weights or activations.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The result is called %1.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::RecentButton</name>
    <message>
        <source>Open %1</source>
        <translation type="unfinished" />
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
    <name>sqil::Selection</name>
    <message>
        <source>Change critical share to %1 %</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>click, drag</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Timeline: zoom at the mouse</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>wheel</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Timeline: pan</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>middle drag, Shift+drag, Shift+wheel</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Timeline: whole episode</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>double click</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Picture: zoom, pan, fit</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>wheel, drag, double click</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Action courses: move the cursor</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::StateStrip</name>
    <message>
        <source>%1[%2]: S %3</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Creating %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The sample is not there: expected resources/sample beside the program. Drop a policy (.pt2) and rollouts (.hdf5) of your own on the window instead.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Opening the sample</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1: not a kind of file this program knows; expected a policy (.pt2, .pt, .zip), rollouts (.hdf5) or a project (.sqil)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Reading %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Saving %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 policies are compared already; leave one out first</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Quantizing to %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Reading the project</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Removing a policy</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Removing rollouts</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Locating a policy</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Locating rollouts</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::TimelinePlot</name>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>step</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>seconds</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>step %1 · %2 s</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>step %1</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::TimelineView</name>
    <message>
        <source>SIS and action gap over the steps of the episode</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Playing speed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Playing speed: 1× is the policy's control rate</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1×</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Position</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Critical: top</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> %</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Share of states that are critical</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Critical states are those whose SIS is among the highest p % of the whole data set</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>SIS</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>mean S</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>T %1</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Action gap</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>normalized</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1 · step %2 of %3</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source> · %1 s</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>critical</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>of %1 states so far</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>of %1 states</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Threshold T: SIS %1, over %2 of %3 states of the data set</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No policy to analyse</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Drop the full-precision policy (.pt2) on this window: SIS and the action gap appear here.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No episode selected</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The timeline shows SIS and the action gap over an episode's steps.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::Unattended</name>
    <message>
        <source>There is no episode “%1” in these rollouts.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>There is no panel “%1”.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>%1: cannot be written</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>sqil::ViewExporter</name>
    <message>
        <source>%1 shows nothing yet that could be exported: open rollouts and a policy, and choose an episode first.</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Writing %1</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>cannot be opened</source>
        <translation>lässt sich nicht öffnen</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) moved</source>
        <translation type="unfinished">
            <numerusform />
            <numerusform />
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
        <translation type="unfinished" />
    </message>
    <message>
        <source>See which states of a robot policy matter, where it looks, and where its quantized version acts differently.</source>
        <translation>Sehen, welche Zustände einer Roboter-Policy zählen, wohin sie schaut und wo ihre quantisierte Fassung anders handelt.</translation>
    </message>
    <message>
        <source>Drop a policy (.pt2, .pt, .zip), recorded rollouts (.hdf5) or a project (.sqil) here</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Open the sample</source>
        <translation>Beispiel öffnen</translation>
    </message>
    <message>
        <source>A pick-and-place policy, its 4-bit version that fails, and rollouts of both</source>
        <translation type="unfinished" />
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
        <translation type="unfinished" />
    </message>
</context>
</TS>