// Todos los textos de la página en español. Un texto con un número es una función de él.

/** @param {number} n @param {string} one @param {string} [many] */
const pluralInSpanish = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** @param {any} f @param {any} n @param {number} k */
const costInSpanish = (f, n, k) =>
  f.diverged[k] ? "crece sin fin" : `termina en ${n.short(f.train[k])}`;

/**
 * Lo que la pendiente de una activación hace con los errores, según haya o no una capa saturada.
 * @type {Record<string, (f: any) => string>}
 */
const SLOPES_IN_SPANISH = {
  sigmoid: (f) => `La pendiente de una sigmoide es como máximo 1/4. ${flatInSpanish(f)}`,
  tanh: (f) => `La pendiente de tanh es como máximo 1. ${flatInSpanish(f)}`,
  relu: (f) =>
    "La pendiente de una ReLU es 1 donde la suma supera 0, y si no 0: los errores pasan enteros, o no pasan." +
    (f.isStopped ? " Aquí una capa no deja pasar ninguno: todas sus sumas están bajo 0." : ""),
};

/** @param {any} f */
const flatInSpanish = (f) =>
  f.isFlat
    ? "Aquí una capa tiene menos de la mitad, pues sus sumas están lejos de 0: sus nodos están saturados, sus salidas apenas cambian, y pasa poco del error."
    : "Aquí cada capa tiene al menos la mitad: ninguna está saturada.";

/** @param {any} f @param {number} k */
const waitInSpanish = ({ ends, half, epochs }, k) =>
  ends[k] === "diverged"
    ? "los pesos crecen sin fin"
    : ends[k] === "unlearned"
      ? `la red no ha aprendido en ${epochs} épocas`
      : half[k] === null
        ? "el coste de entrenamiento no baja nunca"
        : `el coste de entrenamiento hizo la mitad de su bajada en la época ${half[k]}`;

/** @type {[RegExp, string][]} */
const TERMS_IN_SPANISH = [
  [/no hidden layer/, "sin capa oculta"],
  [/\b1 hidden node\b/, "1 nodo oculto"],
  [/(\d+) hidden nodes?/, "$1 nodos ocultos"],
  [/hidden layers/, "capas ocultas"],
  [/learning rate/, "tasa de aprendizaje"],
  [/batch size/, "tamaño de lote"],
  [/weight decay/, "decaimiento de pesos"],
  [/squared error/, "error cuadrático"],
  [/cross entropy/, "entropía cruzada"],
  [/uniform/, "uniforme"],
  [/^equal$/, "todos iguales"],
  [/^gradient descent$/, "descenso de gradiente"],
  [/momentum/, "momento"],
  [/\bthe rest\b/, "el resto"],
  [/\bnew /, "nuevo "],
  [/\bmean of /, "media de "],
];

/** @type {import("./english.js").Words} */
export const SPANISH = {
  languageName: "Español",
  language: "Idioma",
  translated: (english) =>
    TERMS_IN_SPANISH.reduce((text, [term, own]) => text.replace(term, own), english),
  title: "Ver cómo aprenden las redes",
  introduction:
    "Vea cómo una red aprende por retropropagación: predice, el error vuelve hacia atrás, y cada " +
    "peso se mueve un poco. Los datos y las redes son de este estudio, y se entrenan aquí, en " +
    "su navegador.",
  sections: "Secciones",
  openInTab: "Abrir en una pestaña",
  noStudy:
    "Vea cómo una red aprende por retropropagación: predice, el error vuelve hacia atrás, y cada peso " +
    "se mueve un poco. Esta página está sola; en el informe de un estudio se entrenan también las redes del estudio.",
  tooLarge: (rows, inputs, n) =>
    `Este estudio (${rows} filas × ${inputs} entradas × ${n} configuraciones) es demasiado grande para una página de ` +
    `1.5 MB, así que sus redes no se pueden entrenar aquí. Sus ajustes están en los archivos de results/.`,
  referenceOnly: (n) =>
    `La página solo tiene sitio para la referencia, no para las ${n} configuraciones.`,
  leftOut: (names) =>
    `No están en esta página: ${names}. No conoce su activación, su coste, sus pesos iniciales o su optimizador.`,
  tabs: {
    first: "Probar",
    watch: "Observar",
    proof: "Comprobar",
    update: "Una actualización",
    node: "Un nodo",
    walk: "Descender",
    gallery: "Errores clásicos",
    exercise: "Su ejercicio",
    table: "Su tabla",
    teach: "Enseñar",
  },
  first: {
    introduction: (nodes) =>
      `Una red de ${nodes} nodos aprende a distinguir dos clases, aquí y ahora. Cambie un ajuste, y vuelve a empezar; mueva un punto, y lo aprende también.`,
    link: " La dirección guarda sus ajustes: envíela como enlace.",
    data: { xor: "XOR", spirals: "dos espirales" },
    noise: "Ruido",
    nodes: "Nodos ocultos",
    other: "Otros pesos iniciales",
  },
  configuration: "Configuración",
  reference: "la referencia",
  repeat: "Repetición",
  fold: "Partición",
  beside: "Comparar con",
  nothing: "nada",
  play: "Entrenar",
  pause: "Pausa",
  step: "Una época",
  restart: "Empezar de nuevo",
  undo: "Deshacer mis cambios",
  speed: "Velocidad",
  epoch: "Época",
  epochOf: (epoch, all) => `época ${epoch} de ${all}`,
  empty: "pulse Entrenar, o mueva una fila",
  unfold: "Más",
  listed: (parts) => parts.join(", "),
  accuracy: (share, rows) => `exactitud de prueba ${share} (${pluralInSpanish(rows, "fila")})`,
  plane:
    "El fondo es la predicción de la red; cuanto más fuerte el color, más segura es. " +
    "Las filas de prueba, que el entrenamiento no ve, son grandes, con borde grueso; las de entrenamiento son pequeñas. " +
    "La repetición y la partición deciden cuáles son.",
  axes: (across, up) => (up ? `Horizontal: ${across}. Vertical: ${up}.` : `Horizontal: ${across}.`),
  boundary: (probability) => `línea: la ${probability} es 0.5`,
  probabilityOf: (name) => `probabilidad de ${name}`,
  probabilities: "probabilidad de cada clase",
  planeTitle: "Datos",
  networkTitle: "Red",
  costsTitle: "Coste medio",
  unlikeCosts: (kinds) =>
    `Los dos costes son de distinta clase (${kinds.join(", ")}), así que sus tamaños no se pueden comparar, y cada uno tiene su propia escala. Compare la exactitud de prueba.`,
  strengthsTitle: "Cómo aprenden las capas",
  network:
    "Las líneas azules continuas son pesos positivos; las rojas a trazos, negativos; las gruesas son grandes. Señale " +
    "un nodo para ver su salida en la imagen de los datos. La referencia es la red principal del " +
    "estudio; las demás configuraciones se nombran por lo que las distingue de ella.",
  starts: {
    uniform: "Los pesos y umbrales iniciales son números aleatorios de 0 a 1.",
    glorot:
      "Los pesos iniciales (Glorot) son números aleatorios de −√(6/n) a √(6/n), donde n es el número de " +
      "nodos a ambos lados de los pesos; los umbrales empiezan en 0.",
    equal: "Todos los pesos y umbrales iniciales son 0.5.",
  },
  untuned:
    "Las tasas de aprendizaje no se ajustaron para cada optimizador: el momento suele tomar un décimo de la " +
    "tasa del descenso de gradiente, Adam de 0.001 a 0.01. Por eso, dos de ellos con la misma tasa no muestran cuál es mejor.",
  addNote:
    "Mueva una fila, o haga clic para añadir una fila de entrenamiento de la clase elegida: la red se " +
    "entrena de nuevo enseguida. Con el teclado: las flechas mueven una cruz, Intro añade, Espacio toma una fila.",
  addedClass: "Un clic añade",
  rate: "Tasa η",
  rowsAdded: (n) => (n === 1 ? "1 fila añadida" : `${n} filas añadidas`),
  rowsMoved: (n) => (n === 1 ? "1 fila movida" : `${n} filas movidas`),
  elsewhere:
    " Por estas entradas difieren más las clases. Las demás están en su mediana, o en la categoría más frecuente: lo que aquí parece mezclado puede estar separado.",
  response:
    "Cada cuadrado es la salida de su nodo en el plano: blanco donde es menor, oscuro " +
    "donde es mayor.",
  noResponse: (most) => ` Las capas de más de ${most} nodos no tienen cuadrados.`,
  costs:
    "El coste de un ejemplo, en media: a trazos para las filas de entrenamiento, cada una justo antes de su actualización en la época, como en " +
    "el estudio; continuo para las filas de prueba, tras la última actualización de la época. ¿Cuándo habrá hecho la línea a trazos " +
    "la mitad del camino de su primer valor al más bajo? Haga clic allí, o mueva la marca " +
    "con las flechas, y luego entrene.",
  mark: "Marcar esta época",
  trainingCost: "entrenamiento, durante la época",
  testCost: "prueba, tras ella",
  strengths:
    "Continuo: la media de |error| de cada capa, es decir, cuánto cambia el coste con las sumas de sus " +
    "nodos. Punteado: la pendiente media de sus nodos. La escala es logarítmica; cuanto más profunda la capa, más " +
    "fuerte su color. Una capa aprende por su error, así que una pendiente pequeña la frena, a ella y a todas las anteriores.",
  layer: (n) => `capa ${n}`,
  outputLayer: "salida",
  guess: (epoch) => `Ha marcado la época ${epoch}.`,
  guessed: (mark, epoch) =>
    `Ha marcado la época ${mark}. En la época ${epoch}, el coste de entrenamiento había hecho la mitad del camino a su valor más bajo.`,
  same: (p, w) =>
    "Comprobación superada: entrenada en su navegador, esta red es la misma que la guardada. " +
    `Mayor diferencia: ${p} en una probabilidad, ${w} en un peso.`,
  notSame: (p, w) =>
    `No es la misma que el ajuste guardado. Mayor diferencia: ${p} en una probabilidad, ${w} en un peso.`,
  otherEnd: (own, stored) =>
    `No es la misma que el ajuste guardado. Aquí: ${own} Guardado: ${stored}`,
  chaotic: (until, epoch, difference) =>
    "Sin juicio: este entrenamiento es caótico. Los errores de redondeo crecen con cada actualización, y deciden desde " +
    `la época ${until}, más o menos; así que su final no dice nada de un fallo. ` +
    (difference === null
      ? "No hay guardada ninguna época anterior."
      : `En la época ${epoch} aún era la misma que la guardada: los costes de entrenamiento difieren en ${difference}.`),
  status: {
    epochs: (n) => `Entrenada ${n === 1 ? "la única época" : `las ${n} épocas`}.`,
    no_progress: (n) => `Parada antes, tras la época ${n}.`,
    diverged: (n) =>
      `Ha divergido en ${pluralInSpanish(n, "época")}, así que no se compara ningún número.`,
    unlearned: (n) =>
      `No ha aprendido nada en ${pluralInSpanish(n, "época")}: predice la misma clase para cada fila de entrenamiento.`,
  },
  retrain: (n) => `Entrenar de nuevo los ${n} ajustes`,
  stop: "Parar",
  proofIntroduction:
    "Cada ajuste se entrena aquí y se compara con el guardado. Las diferencias hasta 1e-10 son " +
    "errores de redondeo. En un entrenamiento caótico crecen, hasta que los ajustes son distintos. El estudio " +
    "dice cuándo: esos ajustes se comparan en una época muy anterior, y su final no se juzga.",
  progress: (done, all, time) => `${done} de ${all} ajustes, ${time} s`,
  proved: (same, all, open) =>
    (same === all
      ? `Los ${all} ajustes entrenados son los mismos.`
      : `${same} de los ${all} ajustes entrenados ${same === 1 ? "es el mismo" : "son los mismos"}.`) +
    (open
      ? ` ${open} de entrenamiento caótico ${open === 1 ? "empieza igual, y su final no se juzga" : "empiezan igual, y su final no se juzga"}.`
      : ""),
  proofColumns: [
    "configuración",
    "ajustes",
    "los mismos",
    "mayor diferencia de una probabilidad",
    "mayor diferencia de un peso",
    "exactitud de prueba media",
    "notas",
  ],
  remarks: {
    epochs: (n) => `${n} ${n === 1 ? "entrenado" : "entrenados"} hasta la última época`,
    no_progress: (n) => `${n} ${n === 1 ? "parado" : "parados"} antes`,
    diverged: (n) => `${n} ${n === 1 ? "ha" : "han"} divergido`,
    unlearned: (n) => `${n} no ${n === 1 ? "ha" : "han"} aprendido`,
    chaotic: (n) => `${n} ${n === 1 ? "caótico" : "caóticos"}, sin juicio`,
  },
  updateIntroduction:
    "Esta es la primera actualización del ajuste, como si la fila elegida fuera la primera; empieza por la fila " +
    "en que la red más se equivoca. Avance con los botones o las flechas. Los valores tienen 4 " +
    "cifras; los números de una fórmula tienen tantas como hacen falta para obtener ese valor.",
  worstRow: " (la más equivocada)",
  allDigits: "Todas las cifras",
  flow: "La red: lo que pasa por sus aristas",
  carries: (value) => `lleva ${value}`,
  notYet: "aún no calculado",
  chooseEdge:
    "Haga clic en una arista o un nodo: su gradiente se muestra entonces como un producto, por la regla de la cadena.",
  chain: "La regla de la cadena",
  factors: {
    outputError: "cuánto se desvía la salida",
    slope: "pendiente σ′ del nodo",
    together: "pendiente y coste juntos",
    above: "errores de arriba, por los pesos",
    below: "lo que entró desde abajo",
    one: "un umbral tiene la entrada 1",
  },
  errorOfNode: {
    output:
      "El producto de los factores subrayados es el error del nodo: la derivada de E respecto a su suma. La lección lo llama el error de la capa de salida.",
    hidden:
      "El producto de los factores subrayados es el error del nodo: la derivada de E respecto a su suma. La lección lo llama el error de la capa oculta.",
  },
  resetDrags: "Deshacer lo movido",
  dragged: "Ha movido algo: estos ya no son números del estudio.",
  costChange: (before, after) => `Coste: ${before} antes de la actualización, ${after} después.`,
  stage: {
    given: () => "lo dado",
    forward: (layer, all) =>
      layer === all ? "hacia delante, a la salida" : `hacia delante, a la capa oculta ${layer}`,
    error: (layer, all) =>
      layer === all ? "el error de la salida" : `errores hacia atrás, a la capa oculta ${layer}`,
    gradient: () => "los gradientes, y su comprobación",
    update: () => "la actualización",
  },
  stageOf: (n, all, name) => `${n} de ${all}: ${name}`,
  explained: {
    given: () =>
      "Una fila, su clase, y los pesos y umbrales antes de la actualización. Las entradas están estandarizadas: x es un valor menos la media de las filas de entrenamiento, dividido por su desviación típica.",
    forward: (isLast) =>
      isLast
        ? "El nodo de salida suma lo que llega y su umbral, y su sigmoide (o softmax) hace de ello una probabilidad. Una arista es tan ancha como su peso por el valor que lleva."
        : "Cada nodo suma lo que llega, añade su umbral (donde otros restan uno, el signo es el contrario), y aplica σ. Una arista es tan ancha como su peso por el valor que lleva.",
    error: (isLast) =>
      isLast
        ? "El error de un nodo es la derivada de E respecto a su suma, umbral incluido: lo deprisa que E cambia con ella. Empieza donde la red se puede comparar con la verdad: en su salida."
        : "El error vuelve por las mismas aristas: error por peso, y luego por la pendiente del nodo. Una arista es tan ancha como error × peso, con una misma escala para todas las capas.",
    gradient: () =>
      "Un gradiente es el error sobre una arista por el valor bajo ella. La comprobación cambia cada peso en 0.00001, y mira cuánto cambia el coste: para eso no hace falta ninguna fórmula.",
    update: () =>
      "Cada peso da un paso contra su gradiente, de η por su tamaño. Las aristas son tan anchas como el paso.",
  },
  widthOfStep: "Las aristas son tan anchas como el paso.",
  optimiser: "Optimizador",
  optimisers: { sgd: "descenso de gradiente", momentum: "momento", adam: "Adam" },
  steps: {
    momentum:
      "El momento recuerda un número u para cada peso: u conserva la mayor parte de su último valor, y suma el gradiente. El paso es η u.",
    adam: "Adam recuerda dos medias para cada peso: m de sus gradientes, y s de sus cuadrados. El paso es η(t) m / (√s + ε), casi tan largo para un gradiente pequeño como para uno grande; η(t) es η, corregida porque m y s empiezan en 0.",
  },
  why: "¿Por qué? La demostración",
  derivation: {
    given: () =>
      "Basta una fila: el coste de todas las filas es la media de sus costes, así que su gradiente es la media de sus gradientes.",
    forward: (isLast) =>
      isLast
        ? "ŷ está entre 0 y 1, así que se puede leer como una probabilidad. El coste E dice en un número a qué distancia está de la clase."
        : "Sin σ, dos capas no serían más que una: una suma ponderada de sumas ponderadas es una suma ponderada. σ la curva. Su pendiente σ′ dice cuánto cambia la salida si la suma cambia un poco.",
    error: (isLast) =>
      isLast
        ? "E depende de la suma beta + theta solo a través de ŷ; por la regla de la cadena, ∂E/∂(beta + theta) = ∂E/∂ŷ · ∂ŷ/∂(beta + theta). En el error cuadrático, el primer factor es ŷ − y. El segundo es la pendiente de la sigmoide: de σ(a) = 1/(1 + e⁻ᵃ) se sigue σ′(a) = e⁻ᵃ/(1 + e⁻ᵃ)² = σ(a)(1 − σ(a)), aquí ŷ(1 − ŷ). En la entropía cruzada, ∂E/∂ŷ = (ŷ − y)/(ŷ(1 − ŷ)): la pendiente se cancela, y el error es ŷ − y."
        : "b_h llega a E por cada nodo j de encima. Si b_h crece en un pequeño ε, la suma del nodo j crece en w_hj ε, y E en error_j w_hj ε. Todos estos caminos se suman: ∂E/∂b_h = Σ error_j w_hj. Y b_h cambia con su propia suma según σ′. Por tanto error_h = σ′ · Σ error_j w_hj: los errores de una capa se siguen de los de la capa de encima, y una sola pasada hacia atrás los da todos.",
    gradient: () =>
      "La suma del nodo j es Σ w_hj b_h + theta_j. Cambia, pues, en b_h por cada unidad de w_hj, y en 1 por cada unidad de theta_j: ∂E/∂w_hj = error_j b_h, y ∂E/∂theta_j = error_j. Bajo la capa oculta vale lo mismo con v, gamma y x.",
    update: () =>
      "Si todos los pesos cambian un poco, E cambia en Σ ∂E/∂w · Δw. Con Δw = −η ∂E/∂w, esto es −η Σ (∂E/∂w)², que nunca supera 0: el coste de esta fila baja, si η es lo bastante pequeña. Mueva η, y vea hasta dónde llega esto.",
  },
  separator: "; ",
  afterEpoch: "Tras la época",
  checkColumns: ["por diferencias finitas", "difieren en"],
  checkNote:
    "Los dos caminos coinciden hasta 1e-10, más o menos. Se comparan solo para esta fila y estos pesos; pero una fórmula errónea difícilmente pasaría.",
  row: "Fila",
  sample: (n) => `fila ${n}`,
  ofBatch: (m) =>
    `Una actualización es para un lote de ` +
    `${pluralInSpanish(m, "fila")}: usa la media de sus gradientes. Usted ve una de esas filas.`,
  back: "Atrás",
  next: "Siguiente",
  lineColumns: ["cantidad", "fórmula", "con los números", "valor"],
  arithmetic: "Cálculo de",
  wholeStep: "todo el paso",
  showAll: "Mostrar todo el paso",
  more: (n) => `Mostrar los ${n}`,
  galleryIntroduction:
    "Cometa un error clásico, y entrene con él. A menudo la exactitud de prueba apenas cambia. Una comprobación del " +
    "gradiente encuentra los errores del gradiente, no los del tratamiento de los datos ni los de cómo un paso usa el " +
    "gradiente: esos se ven en el primer número que difiere.",
  trainAllMistakes: "Entrenar con cada uno de ellos",
  rightStep: "Correcto:",
  wrongStep: "Con el error:",
  mistakeFormulas: {
    none: ["", ""],
    updated_weights: ["error_h = σ′ · Σ error_j w_hj", "error_h = σ′ · Σ error_j nuevo w_hj"],
    no_slope: ["error_h = σ′ · Σ error_j w_hj", "error_h = Σ error_j w_hj"],
    no_thresholds: [
      "nuevo theta = theta - eta error, y nuevo w_h",
      "nuevo theta = theta, y nuevo w_h",
    ],
    sum: ["nuevo w_h = w_h - eta · media de dE/dw_h", "nuevo w_h = w_h - eta · Σ dE/dw_h"],
    no_correction: [
      "eta(t) = eta · sqrt(1 - beta_2^t) / (1 - beta_1^t)",
      "eta(t) = eta en cada actualización",
    ],
    same_order: ["", ""],
    all_rows: [
      "x estandarizada por las filas de entrenamiento",
      "x estandarizada por todas las filas, también las de prueba",
    ],
  },
  checkFinds: (symbol, own, right) =>
    `Una comprobación del gradiente lo delata en la primera actualización: ${symbol} es ${own} según este paso, y ${right} por diferencias finitas.`,
  checkFindsNothing:
    "Una comprobación del gradiente no encuentra este: cada gradiente es correcto. Lo erróneo es qué filas se usan, su orden, o el paso que se da. Compare, en su lugar, los primeros números.",
  mistakeColumns: [
    "error",
    "primera diferencia",
    "comprobación del gradiente",
    "exactitud de prueba",
  ],
  place: (epoch, update) => `época ${epoch}, actualización ${update}`,
  never: "ninguna",
  found: (isFound) => (isFound ? "lo encuentra" : "no encuentra nada"),
  lesson: (all, changing, same, accuracy) =>
    `${changing} de los ${all} errores ${changing === 1 ? "cambia" : "cambian"} el entrenamiento. Con ${same === changing ? "cada uno" : same} de estos ${changing}, la exactitud de prueba es ${accuracy}, como sin error.` +
    (same < changing ? " Donde difiere, un cambio de la semilla puede hacer lo mismo." : "") +
    " Así que una buena exactitud no prueba ningún programa: compruebe los gradientes, y compare los primeros números.",
  mistakes: {
    none: "ningún error",
    updated_weights: "errores calculados con los pesos actualizados",
    no_slope: "σ′ omitida",
    no_thresholds: "umbrales sin actualizar",
    sum: "la suma de un lote, no su media",
    no_correction: "la corrección de Adam omitida",
    same_order: "el mismo orden en cada época",
    all_rows: "estandarización aprendida también de las filas de prueba",
  },
  noEffect: "Este error no cambia nada aquí.",
  onlyBatches: "Con lotes de un solo ejemplo, este error no cambia nada.",
  train: "Entrenar con este error",
  trainRight: "Entrenar",
  firstDifference: (epoch, update, right, wrong) => [
    "Primera diferencia: ",
    `, en la actualización ${update} de la época ${epoch}: ${wrong} en vez de ${right}.`,
  ],
  accuracies: (right, wrong) => `Exactitud de prueba: ${wrong} con el error, ${right} sin él.`,
  exerciseIntroduction:
    "Escriba un número, como su número de estudiante. Decide los pesos iniciales y la fila. " +
    "Conserve 6 cifras de paso en paso, y escriba 4 cifras significativas en cada casilla. Lo que se sigue " +
    "de números redondeados, o de un error anterior, cuenta como correcto, y se nombra el primer paso " +
    "erróneo.",
  exerciseSymbols:
    "v_1,2 es el peso de la entrada 1 al nodo oculto 2, y w_2 el del nodo oculto 2 a la salida. " +
    "Los umbrales gamma y theta se suman a las sumas alpha y beta. El error de un nodo es la " +
    "derivada de E respecto a su suma, umbral incluido.",
  marks: {
    empty: "",
    right: "✓ correcto",
    follows: "✓ se sigue de lo que escribió antes",
    few_digits: "✓ correcto; dé 4 cifras",
    wrong: "✗ ni el valor de este paso, ni lo que se sigue de sus números; vea la pista",
    unread: "no es un número",
  },
  firstWrong: (symbol, slip) =>
    `El primer paso erróneo es ${symbol}` +
    (slip ? `: ${SPANISH.slips[/** @type {keyof typeof SPANISH.slips} */ (slip)]}` : "."),
  slips: {
    no_threshold: "¿falta un umbral?",
    threshold_too_early: "¿se sumó ya aquí el umbral? Viene en el paso siguiente.",
    no_sigma: "¿falta σ?",
    sign_in_sigma: "¿es exp(−a), y no exp(a)?",
    no_half: "¿falta ½?",
    no_square: "¿falta el cuadrado?",
    no_slope: "¿falta la pendiente σ′?",
    half_slope: "la pendiente es b (1 − b), no b.",
    indices: "¿están cambiados los índices?",
    no_input: "¿falta el valor de abajo?",
    new_weights:
      "¿se usaron pesos actualizados? Todos los errores vienen de los pesos anteriores a la actualización.",
    no_rate: "¿falta la tasa de aprendizaje?",
    plus: "un paso va contra el gradiente: menos.",
    sign: "¿es erróneo el signo?",
  },
  number: "Su número",
  notNumber: "Solo cifras, como máximo 40.",
  exerciseTask: (number, row, net, eta) =>
    `Ejercicio ${number}: una actualización para la fila ${row} de los datos, ${net}, η = ${eta}.`,
  check: "Comprobar",
  print: "Imprimir",
  nothingTyped: "Aún no hay nada escrito.",
  right: (n, all) => `${n} de ${all} ${n === 1 ? "es correcto" : "son correctos"}.`,
  hint: "Pista",
  teacher: (command) => `La solución, para el profesor: ${command}`,
  ownValues: "Sus propios valores",
  ownIntroduction: "No son parte del estudio, así que no hay un ajuste guardado con que comparar.",
  hidden: "Nodos ocultos, como 10 o 4,3",
  activation: "Activación",
  cost: "Coste",
  learningRate: "Tasa de aprendizaje η",
  batchSize: "Tamaño de lote",
  decay: "Decaimiento de pesos",
  initialisation: "Pesos iniciales",
  seed: "Semilla",
  use: "Usar estos valores",
  notOfStudy: "no es parte del estudio",
  ownNote: (values) =>
    `Observar, Una actualización, Un nodo y Descender muestran una red que no es parte del estudio (${values}).`,
  backToStudy: "Volver al estudio",
  noHidden: "sin capa oculta",
  otherStudy: (name) => `Esto es «${name}», hecho en esta página: no es parte del estudio.`,
  wrongField: {
    hidden: "Nodos ocultos: de 1 a 5 números como 3-3, 3x3 o 3,3, y como máximo 20,000 pesos.",
    rate: "Tasa de aprendizaje: un número mayor que 0.",
    batch: "Tamaño de lote: un número entero desde 1.",
    l2: "Decaimiento de pesos: un número desde 0.",
    seed: "Semilla: un número entero desde 0.",
  },
  fitOf: (name, repeat, fold) => `${name}, repetición ${repeat}, partición ${fold}`,
  watchIt: "Observarlo",
  moreFits: (n) => `y ${n} más`,
  aspects: {
    status: ({ status, stored }) => `estado ${status}, guardado ${stored.status}`,
    epochs: ({ epochs, stored }) => `${epochs} épocas, guardado ${stored.epochs}`,
    weights: ({ weights }) => `un peso en ${weights.toExponential(0)}`,
    probabilities: ({ probabilities }) => `una probabilidad en ${probabilities.toExponential(0)}`,
    labels: ({ labels }) => `la clase de ${pluralInSpanish(labels, "fila")} de prueba`,
    accuracy: ({ accuracies: [own, stored] }) =>
      `exactitud ${(100 * own).toFixed(1)}%, guardada ${(100 * stored).toFixed(1)}%`,
    beginning: () => "el comienzo, antes de que decidan los errores de redondeo",
  },
  tableIntroduction: (columns, rows) =>
    `Elija un archivo CSV con cabecera, hasta ${columns} columnas numéricas, una columna con la clase, y hasta ${rows} filas; o suéltelo aquí. Se lee y se entrena en esta página: no se envía nada.`,
  chooseFile: "Elegir o soltar un archivo CSV",
  orPaste: "o pegar una tabla:",
  usePasted: "Usar esta tabla",
  tableExample: "largo,ancho,clase\n5.1,3.5,setosa\n…",
  tableLimits:
    "Se entrena con las redes, la semilla y las épocas de este estudio, en cinco particiones. Las entradas se estandarizan por las filas de entrenamiento; un valor que falta se vuelve la media. Lo que esta página no hace: particiones repetidas, intervalos, comparación con la regresión logística. El flujo de trabajo hace todo eso, con esta orden:",
  tableRead: (name, rows, columns, label, classes) =>
    `Esta es su tabla «${name}»: ${pluralInSpanish(rows, "fila")}, ${columns} ${columns === 1 ? "columna numérica" : "columnas numéricas"}, clase «${label}» (${classes}). No se envió a ninguna parte, y no es parte del estudio.`,
  tableLeft: (names) => `Se dejan fuera, pues no son números: ${names}.`,
  tableProblems: {
    empty: () => "Este archivo no tiene filas bajo una cabecera.",
    rows: (n) => `Hay ${n} filas con clase; use de 10 a 2000.`,
    columns: (n) => `Hay ${n} columnas numéricas; use de 1 a 10.`,
    label: (name) => `No hay ninguna clase en ${name}.`,
    classes: (found) =>
      `Hay clases en la columna ${found}; use una columna con 2 a 10 clases, la última con textos, o la última de todas.`,
    ragged: (line) => `La línea ${line} no tiene el mismo número de celdas que la cabecera.`,
  },
  teach: {
    introduction:
      "Para una clase: una lección de 45 minutos, ejercicios por número, sus soluciones, y la corrección de las respuestas de la clase. " +
      "Todo se hace en esta página: no se envía nada. Imprimir imprime lo que se ve.",
    views: {
      lesson: "Lección",
      exercises: "Ejercicios",
      solutions: "Soluciones",
      marks: "Corregir respuestas",
    },
    lessonTitle: "La retropropagación en 45 minutos",
    lessonColumns: ["Minutos", "Paso", "La clase", "Usted dice o pregunta", "Diapositivas"],
    lesson: {
      xor: {
        does: "Cada uno predice a mano alzada. Después se entrenan ambas redes, y todos ven las fronteras.",
        asks: "¿Dónde trazaría una recta? ¿Por qué no hay ninguna? ¿Qué hacen dos rectas, y quién las combina?",
      },
      sample: {
        does: "Recorran juntos la actualización hacia delante. Cada uno calcula la suma del primer nodo oculto con los números de la pantalla.",
        asks: "¿Qué entra en un nodo, y qué sale? ¿Por qué una fila cambia casi todos los pesos?",
      },
      flow: {
        does: "Recorran la misma actualización hacia atrás. Nombren cada factor de la regla de la cadena antes de que se muestre.",
        asks: "¿Dónde empieza el error? ¿Por qué se multiplica en el camino de vuelta? ¿Cuándo no queda casi nada de él?",
      },
      exercise: {
        does: "Cada uno trabaja con su propio número, en la página o en una hoja impresa: hacia delante, el coste, los errores. Quien acaba sigue con los gradientes y la actualización.",
        asks: "Conserven 6 cifras. Si un paso es erróneo, ¿cuál es el primero? Compárenlo con su fórmula antes de cambiar otra cosa.",
      },
      symmetry: {
        does: "Predigan, y vean cómo la red se entrena desde pesos iguales.",
        asks: "Dos nodos tienen los mismos pesos. ¿Qué es distinto en sus errores? ¿Qué hacen, pues, los pesos iniciales aleatorios?",
      },
      rate: {
        does: "Predigan, y comparen las dos curvas del coste.",
        asks: "¿Qué línea muestra lo que la red ha aprendido, y cuál lo que ha aprendido de memoria? ¿Cuándo es demasiado largo un paso?",
      },
      mistake: {
        does: "Predigan si la exactitud delata un programa erróneo, y lean después lo que encuentra la comprobación del gradiente.",
        asks: "¿Cómo saben que su propio programa es correcto?",
      },
      summary: {
        does: "Cada uno lee cuáles de sus predicciones eran correctas, e imprime el resumen.",
        asks: "¿Qué predicción era errónea, y qué esperan ahora? En casa: otro número, todos los pasos.",
      },
    },
    otherQuestions: "Las otras preguntas, para una segunda lección o en casa",
    slides: {
      history: "Breve historia (历史简介)",
      layers: "Red de tres capas, hacia delante (三层前向神经网络)",
      learning: "Algoritmo de aprendizaje: coste, parámetros, conjunto de entrenamiento (学习算法)",
      outputGradients: "Gradientes de w y θ (梯度计算)",
      hiddenGradients: "Gradientes de v y γ (梯度计算)",
      algorithm: "Algoritmo de retropropagación (反向传播算法)",
      first: "Ejercicio 1: un programa propio (练习#1)",
      second: "Ejercicio 2: otras capas, activaciones, costes, tasas (练习#2)",
    },
    betweenSlides: "; ",
    noSlide: "no está en las diapositivas",
    numbers: "Números de los ejercicios",
    numbersHelp: (most) =>
      `Números e intervalos, como 1-30, 45; como máximo ${most}. Un número da aquí el mismo ejercicio que en «Su ejercicio».`,
    numbersProblems: {
      none: () => "No hay ningún número; use números e intervalos, como 1-30, 45.",
      part: (found) =>
        `Hay «${found}»; use números de 40 cifras como máximo, e intervalos, como 1-30, 45.`,
      order: (found) => `Hay el intervalo «${found}»; escriba primero el número menor.`,
      many: (found, most) => `Hay ${found} números; use como máximo ${most}.`,
    },
    ownPage: "Imprimir cada uno en su propia página",
    name: "Nombre",
    exercise: (number) => `Ejercicio ${number}`,
    digits: "Conserve 6 cifras de paso en paso, y escriba 4 cifras significativas en cada casilla.",
    solutionOf: (number) => `Solución del ejercicio ${number}`,
    marksIntroduction:
      "Elija un archivo CSV, o varios. La primera línea nombra las columnas: name, number, y las de los pasos, como alpha_1 o " +
      "new w_1, como en la plantilla; pueden faltar columnas de pasos. Cada línea siguiente es un estudiante: un nombre, el número del ejercicio, y las respuestas; una respuesta " +
      "que falta es una celda vacía. Se corrigen como en «Su ejercicio»: lo que se sigue de un error anterior es correcto.",
    template: "Guardar una plantilla para estos números",
    templateFile: "respuestas",
    chooseFiles: "Elegir o soltar archivos CSV",
    place: (file, line) => `${file}, línea ${line}: `,
    faults: {
      empty: () => "no hay ninguna línea bajo la primera; use una línea para cada estudiante.",
      column: (found, allowed) => `hay la columna «${found}»; use ${allowed}.`,
      twice: (found) => `hay dos veces la columna «${found}»; úsela una vez.`,
      missing: (found) => `no hay una columna «${found}»; es necesaria.`,
      steps: (_, allowed) => `no hay ninguna columna de un paso; use al menos una de ${allowed}.`,
      cells: (found, allowed) => `hay ${found} celdas; use ${allowed}, como en la primera línea.`,
      number: (found) => `hay el número «${found}»; use solo cifras, como máximo 40.`,
      lines: (found, allowed) => `hay ${found} estudiantes; use como máximo ${allowed}.`,
    },
    moreFaults: (n) => `y ${n} más.`,
    marked: (students, mean, all) =>
      `${pluralInSpanish(students, "estudiante")}: en media, ${mean} de ${all} pasos son correctos.`,
    hardest: (wrong, students) =>
      `Con más frecuencia erróneo (${wrong} de ${pluralInSpanish(students, "estudiante")}): `,
    noneWrong: "Ningún paso es erróneo.",
    frequent: (slip, n) => `El primer error más frecuente que tiene nombre (${n}×): ${slip}`,
    stepColumns: ["Paso", "Correcto", "Erróneo", "No es un número", "Sin respuesta"],
    studentColumns: ["Nombre", "Número", "Correcto", "Primer paso erróneo", "Error"],
    states: {
      right: "correcto",
      follows: "se sigue de lo escrito antes",
      few_digits: "correcto, muy pocas cifras",
      wrong: "erróneo",
      empty: "sin respuesta",
      unread: "no es un número",
    },
    saveMarks: "Guardar la corrección como CSV",
    marksFile: "correccion",
  },
  node: {
    node: "Nodo",
    label:
      "Las operaciones del nodo: cada caja tiene un valor, y debajo la derivada de E respecto a él.",
    on: "valores, hacia delante",
    back: "gradientes, hacia atrás",
    forwards: {
      given: () => "Están dados los pesos del nodo, lo que entra por ellos, y su umbral.",
      product: () => "Cada peso se multiplica por lo que entra por él.",
      sum: () => "Los productos se suman.",
      threshold: () => "Se suma el umbral.",
      output: (isHidden) =>
        isHidden
          ? "La activación hace de ello la salida del nodo."
          : "La sigmoide hace de ello la predicción.",
      cost: (isHidden, isJoined) =>
        isHidden
          ? "Los nodos de encima llevan de esta salida al coste E de la fila."
          : isJoined
            ? "La predicción y el coste E son aquí una sola operación, pues así la derivada es simple."
            : "El coste E dice a qué distancia está la predicción de la clase.",
    },
    backwards: {
      cost: () => "De vuelta desde el coste: la derivada de E respecto a sí mismo es 1.",
      output: (isHidden) =>
        isHidden
          ? "La salida llega a E por todos los nodos de encima: se suman sus errores, por los pesos hacia ellos."
          : "La derivada local del coste es cuánto se desvía la predicción.",
      threshold: (isHidden, isJoined) =>
        isJoined
          ? "La pendiente de la salida se cancela con un factor del coste: lo que queda es el error del nodo."
          : "La derivada local es la pendiente de la activación. El producto es el error del nodo.",
      sum: () => "Una suma transmite el gradiente tal cual: su derivada local es 1.",
      product: () => "Cada producto recibe el gradiente de la suma tal cual.",
      given: () =>
        "Un producto transmite el gradiente a cada factor, por el otro factor. La actualización usa los " +
        "gradientes de los pesos y del umbral. Una entrada que lleva también a otros nodos suma lo que vuelve " +
        "de cada uno.",
    },
    note:
      "Los números son de la primera actualización del ajuste para esta fila: en cada caja el valor, y " +
      "debajo, en rojo, la derivada de E respecto a él. Cada operación conoce solo su derivada " +
      "local; lo que llega de la derecha, por esta, es su gradiente. Avance con los botones " +
      "o las flechas. De más de cuatro entradas se dibujan las de mayores productos.",
  },
  walk: {
    plane: "Plano",
    planes: { training: "por el principio y el final", weights: "de dos pesos" },
    weights: ["Horizontal", "Vertical"],
    home: "Inicio del estudio",
    map: "El coste en el plano",
    surface: "Lo mismo como superficie",
    table: "Adónde llevan otras tasas",
    mapLabel:
      "Mapa del coste. Las flechas mueven el inicio del camino; la frase de encima dice adónde lleva.",
    surfaceLabel: "El coste como superficie, con el camino sobre ella.",
    wait: "Se está calculando el coste.",
    marks: { start: "inicio", end: "entrenada" },
    directions: [
      "del principio al final del entrenamiento",
      "una dirección aleatoria, en ángulo recto",
    ],
    randomDirections: ["una dirección aleatoria", "otra, en ángulo recto"],
    note:
      "En el mapa, cuanto más fuerte el gris, más alto el coste, y las líneas unen puntos de igual coste; la " +
      "cruz está donde termina el entrenamiento del estudio. Mueva el inicio con el ratón o con las flechas. El camino queda en el " +
      "plano: cada paso toma el gradiente verdadero de todas estas filas, y sigue su parte en las dos " +
      "direcciones. Un paso es, pues, una actualización con todas las filas, y una época del estudio tiene muchas.",
    others: "Todos los demás pesos son los de después del entrenamiento.",
    othersBefore: "Todos los demás pesos son los de antes del entrenamiento.",
    rows: (n, all) => `El coste es de ${n} de las ${all} filas de entrenamiento, tomadas al azar.`,
    decay: "El coste incluye el decaimiento de pesos.",
    noEnd:
      "Este entrenamiento no lleva a ninguna parte: ningún peso se mueve, o crecen sin fin. Por eso no hay cruz.",
    said: (place, first, last, steps, regime) =>
      `Desde (${place}), ${steps === 1 ? "1 paso lleva" : `${steps} pasos llevan`} el coste de ${first} a ${last}: ${regime}.`,
    noNumber: "ningún número",
    regimes: {
      creeping: "avance lento",
      converging: "convergencia",
      oscillating: "oscilación",
      diverging: "divergencia",
    },
    cell: (regime, cost) => `${regime}, el coste termina en ${cost}`,
    regime: (steps, rise, fall) =>
      `En la tabla, ${steps} pasos desde el inicio son divergencia si el coste termina más alto que al empezar; ` +
      `si no, oscilación si sus subidas suman más del ${100 * rise}% de la bajada posible, del ` +
      `primer coste al más bajo del mapa; si no, avance lento si baja menos del ${100 * fall}% de ella; si no, ` +
      "convergencia. Un clic en una celda toma sus valores.",
  },
  path: {
    name: "Recorrido guiado",
    invitation:
      "Catorce preguntas llevan del perceptrón a lo que este estudio puede decir. Prediga, entrene, vea. O siga " +
      "su propio camino más abajo.",
    begin: "Seguir el recorrido guiado",
    goOn: (n) => `Continuar el recorrido, en la pregunta ${n}`,
    place: (n, all) => `Pregunta ${n} de ${all}`,
    back: "Atrás",
    next: "Siguiente",
    leave: "Dejar el recorrido",
    predict: "¿Qué espera usted?",
    play: "Mostrar",
    wait: "Se está entrenando, más abajo.",
    progress: (done, all) =>
      `${all} divisiones: ${done} ${done === 1 ? "entrenada" : "entrenadas"}.`,
    between: ", ",
    asExpected: "Como esperaba.",
    unexpected: (right) => `No es lo que esperaba; es: «${right}».`,
    or: "» o «",
    none: "Ninguna de estas es correcta.",
    open: "Aquí no se puede juzgar.",
    wrong: "No es lo que esperaba.",
    toSummary: "Resumen",
    summary: "Lo que ha descubierto",
    counts: (right, judged, all) =>
      `${right} de ${judged} predicciones ${right === 1 ? "fue correcta" : "fueron correctas"}, en ${all} preguntas.`,
    predicted: (option) => `Usted esperaba: «${option}».`,
    noPrediction: "No predijo nada.",
    notShown: "La respuesta no se mostró.",
    questions: {
      xor: {
        title: "XOR (x1 o x2, no ambas): ¿qué no puede hacer una red sin capa oculta?",
        options: [
          "Solo la red sin capa oculta lo resuelve",
          "Ambas lo resuelven",
          "Solo la de 4 nodos ocultos lo resuelve",
          "Ninguna lo resuelve",
        ],
        found: (f) =>
          `Sin capa oculta, la frontera es una sola recta. La entrenada acierta ${f.line} de los ${f.all} puntos; la mejor de todas las rectas, ${f.best}. ` +
          `Con 4 nodos ocultos se aciertan ${f.hidden} de los ${f.all}` +
          (f.hidden === f.all ? "" : ` tras ${f.epochs} épocas, que aquí no bastan`) +
          ": cada nodo traza su propia recta, y la salida las combina. " +
          `La exactitud de prueba, más abajo, cuenta solo los ${f.tests} puntos de prueba. ` +
          "Esto detuvo al perceptrón en 1969 (Minsky y Papert); la retropropagación (Werbos) entrena los nodos ocultos.",
      },
      sample: {
        title: "¿Qué cambia un solo ejemplo?",
        options: [
          "Los pesos de un nodo",
          "Los pesos de la capa de salida",
          "Todos los pesos y umbrales",
        ],
        found: (f, n) =>
          `Cambian ${f.changed} de ${f.all} números, cada uno por su propio ${f.descends ? "gradiente por η" : "paso"}` +
          (f.hasEdges ? "; de los pesos, los de las aristas más anchas cambian más. " : ". ") +
          (f.changed < f.all
            ? "El gradiente de los demás es 0 aquí, o demasiado pequeño para contar: lo que viene de abajo es 0, o el error de arriba. "
            : "") +
          `Para la fila ${f.row}, el coste pasa de ${n.fine(f.cost[0])} a ${n.fine(f.cost[1])}` +
          (f.cost[1] > f.cost[0] ? ", hacia arriba: este paso es demasiado largo. " : ". ") +
          `Entrenando fila a fila, este es un paso de hasta ${f.steps}.`,
      },
      flow: {
        title: "¿Hacia dónde van los errores, y conservan su tamaño?",
        options: [
          "Hacia atrás desde la salida, y en general crecen",
          "Hacia atrás desde la salida, y casi conservan su tamaño",
          "Hacia atrás desde la salida, y en general menguan",
        ],
        found: (f, n) =>
          `Para la fila ${f.row}, la media de |error| es, desde la capa de salida hacia atrás: ${n.list(f.sizes)}. ` +
          `${["En general crece", "En total cambia poco", "En general mengua"][f.right]}, de ${n.short(f.sizes[0])} a ${n.short(f.sizes[f.sizes.length - 1])}` +
          f.against
            .map(
              (/** @type {[number, number]} */ [from, to]) =>
                `; pero de ${n.short(from)} a ${n.short(to)} ${to > from ? "crece" : "mengua"}`,
            )
            .join("") +
          ". " +
          `A cada paso hacia atrás se multiplica por pesos y por las pendientes de los nodos ocultos, que son en media, la última capa primero, ${n.list(f.slopes)}. ` +
          SLOPES_IN_SPANISH[f.activation](f),
      },
      deep: {
        title: "En una red profunda, ¿qué capa aprende más despacio?",
        options: ["La primera, junto a las entradas", "Una del medio", "La capa de salida"],
        found: (f, n) =>
          f.ends[0] === "diverged"
            ? `La red profunda diverge en ${f.epochs} épocas: sus pesos crecen sin fin, así que sus errores no dicen nada.`
            : `Media de |error| en el entrenamiento, de la primera capa a la salida: ${n.list(f.strengths)}. Mire «Cómo aprenden las capas»: el error de una capa es el de la siguiente, por pesos y pendientes. ` +
              (f.isAdam
                ? "Pero con Adam, un paso es casi tan largo para un error pequeño como para uno grande: los errores no dicen qué capa aprende más despacio. "
                : f.right.length > 1
                  ? "Los menores difieren en menos de un factor 2, y en otra partición su orden puede ser otro: así que cuenta más de una respuesta. "
                  : "") +
              (f.ends[0] === "unlearned"
                ? `Tras ${f.epochs} épocas, la red profunda aún predice una sola clase para cada fila de entrenamiento. Los pesos iniciales que dejan las sumas cerca de 0 (Glorot) y las activaciones de mayor pendiente (tanh, ReLU) suelen ayudar: pruébelos en «Sus propios valores».`
                : `Su exactitud de prueba es ${n.percent(f.accuracies[0])}` +
                  (f.ends[1] === "diverged"
                    ? "."
                    : `, la de la referencia ${n.percent(f.accuracies[1])}.`)),
      },
      wide: {
        title: "¿Espera una red ancha? ¿Cuándo está su coste a medio camino del más bajo?",
        options: [
          "Antes de la época 10",
          "De la época 10 a la 99",
          "Más tarde",
          "No en este entrenamiento",
        ],
        found: (f, n) =>
          `Con ${f.nodes[0]} nodos, ${waitInSpanish(f, 0)}; con ${f.nodes[1]} nodos, ${f.half.includes(null) ? waitInSpanish(f, 1) : `en la época ${f.half[1]}`}. ` +
          (f.learns && !f.waits ? "Aquí no espera. " : "") +
          (f.hasSlope && f.isFlatter
            ? (f.isFlat && f.grows
                ? "Los pesos empiezan entre 0 y 1, así que la suma en la salida crece con el número de nodos, y la satura. "
                : "") +
              `Al principio la salida media es ${f.starts[0].output.toFixed(6)} con ${f.nodes[0]} nodos y ${n.short(f.starts[1].output)} con ${f.nodes[1]}, así que la pendiente ŷ(1 − ŷ) es en media ${n.short(f.starts[0].slope)} y ${n.short(f.starts[1].slope)}: el error se multiplica por ella` +
              (f.isFlat
                ? ", y apenas vuelve nada. Con entropía cruzada, esta pendiente se cancela, y vuelve el error entero."
                : ", y una buena parte vuelve en ambas.")
            : f.hasSlope
              ? "Al principio la salida de la red ancha no es más plana que la de la otra: los errores vuelven igual de bien."
              : "El coste de este estudio no multiplica el error por la pendiente de la salida."),
      },
      rate: {
        title: "¿Qué pasa con una tasa de aprendizaje diez veces mayor?",
        options: [
          "Aprende más deprisa, y es mejor en las filas de prueba",
          "Aprende más deprisa, pero no es mejor en las filas de prueba",
          "Diverge",
          "Termina con un coste de entrenamiento más alto",
        ],
        found: (f, n) =>
          f.diverged[0]
            ? `Con η = ${f.rates[0]} los pesos crecen sin fin. Con η = ${f.rates[1]} ` +
              (f.diverged[1] ? "también." : `el coste termina en ${n.short(f.train[1])}.`)
            : `Con η = ${f.rates[0]}, el coste de entrenamiento tras la última actualización es ${n.short(f.train[0])}, el coste de prueba ${n.short(f.test[0])}. ` +
              (f.diverged[1]
                ? `Con η = ${f.rates[1]} los pesos crecen sin fin. `
                : `Con η = ${f.rates[1]}: ${n.short(f.train[1])} y ${n.short(f.test[1])}. `) +
              (f.isSame
                ? "Así que los costes de entrenamiento son casi iguales: difieren como máximo en un uno por ciento."
                : f.faster
                  ? "La tasa grande ajusta aquí mejor las filas de entrenamiento. " +
                    (f.isChance
                      ? `Con ${f.tests} filas de prueba, la diferencia de los costes de prueba puede ser azar: así que cuentan las dos primeras respuestas.`
                      : f.right.includes(1)
                        ? "Lo que ajusta de más es probablemente el azar en ellas, pues el coste de prueba es más alto: mire la línea continua. Esto se llama sobreajuste."
                        : "También las filas de prueba: mire la línea continua.")
                  : "Esta tasa es aquí demasiado grande: sus pasos son tan largos que saltan por encima de donde el coste es más bajo."),
      },
      symmetry: {
        title: "Si todos los pesos empiezan iguales, ¿qué pueden aprender los nodos ocultos?",
        options: [
          "Tanto como desde pesos aleatorios",
          "No más que un solo nodo por capa",
          "Nada: ningún peso cambia",
        ],
        found: (f, n) =>
          f.isOpen
            ? "Desde pesos iguales, los pesos crecen aquí sin fin."
            : (f.isStill
                ? "Ningún peso ha cambiado: todos los pasos son 0 aquí, o demasiado pequeños para contar. "
                : f.right.includes(1)
                  ? `Tras el entrenamiento, todos los nodos de una capa oculta (${n.list(f.hidden)}) tienen aún los mismos pesos: nodos iguales reciben errores iguales, y cada actualización los deja iguales. Una capa hace entonces lo que podría hacer un solo nodo. `
                  : `Los nodos se han vuelto distintos: de ${n.list(f.hidden)}, difieren ${n.list(f.nodes)}. `) +
              `El coste de entrenamiento ${costInSpanish(f, n, 0)} desde pesos iguales; en la referencia ${costInSpanish(f, n, 1)}; la exactitud de prueba es ${n.percent(f.accuracies[0])} y ${n.percent(f.accuracies[1])}. ` +
              (f.isAlone
                ? "La referencia no tiene dos nodos en una capa, así que no hay simetría que romper."
                : f.diverged[1]
                  ? ""
                  : f.isWorse
                    ? "Los pesos iniciales aleatorios rompen esta simetría, y aquí el coste de entrenamiento es por ello más bajo."
                    : "Los pesos iniciales aleatorios rompen esta simetría, pero las filas de entrenamiento no lo necesitan aquí."),
      },
      batch: {
        title: "¿Qué cambia otro tamaño de lote, con una tasa de aprendizaje que le conviene?",
        options: [
          "Termina con un coste de entrenamiento más bajo",
          "Termina con casi el mismo coste de entrenamiento",
          "Termina con un coste de entrenamiento más alto",
          "Diverge",
        ],
        found: (f, n) =>
          `Con lotes de ${f.sizes[0]} y η = ${f.rates[0]}, una época tiene ${f.updates[0]} actualizaciones; con lotes de ${f.sizes[1]} y η = ${f.rates[1]}, tiene ${f.updates[1]}. ` +
          (f.isAdam
            ? "La tasa es la misma, pues un paso de Adam es casi igual de largo para cada lote. "
            : "La tasa crece con el lote: una actualización de un lote sustituye a otras tantas de filas sueltas. ") +
          `El coste de entrenamiento de los primeros ${costInSpanish(f, n, 0)}, el de los segundos ${costInSpanish(f, n, 1)}. ` +
          (f.diverged.includes(true)
            ? "Una tasa es aquí demasiado grande."
            : f.isSame
              ? "Difieren como máximo en un décimo: las actualizaciones de una época llegan casi igual de lejos, sean muchas o pocas."
              : f.isLarger
                ? "Los lotes mayores terminan aquí más abajo."
                : f.isAdam
                  ? "Los lotes mayores terminan aquí más arriba: menos pasos de la misma longitud llegan menos lejos."
                  : "Los lotes mayores terminan aquí más arriba: pocos pasos largos no llegan tan lejos como muchos cortos."),
      },
      momentum: {
        title: "El momento, con su tasa habitual más pequeña: ¿hasta dónde llega?",
        options: [
          "Menos lejos que el descenso de gradiente, pues su tasa es menor",
          "Casi tan lejos como el descenso de gradiente",
          "Más lejos que el descenso de gradiente",
        ],
        found: (f, n) =>
          `Con momento μ = ${f.mu} y η = ${f.rates[0]}, el coste de entrenamiento ${costInSpanish(f, n, 0)}; con descenso de gradiente y η = ${f.rates[1]}, ${costInSpanish(f, n, 1)}. ` +
          `El paso es η u, y u suma gradientes: mientras coinciden, crece hacia 1/(1 − μ) = ${f.sum} veces uno de ellos. Así que una tasa ${f.sum} veces menor debería llegar casi igual de lejos; los pasos en zigzag se anulan. ` +
          (f.isOpen
            ? "Eso no se puede ver donde hay pesos que crecen sin fin."
            : f.isSame
              ? "Así es aquí: los costes difieren como máximo en un décimo."
              : f.right.includes(2)
                ? "Aquí llega más lejos."
                : "Aquí no es así."),
      },
      adam: {
        title:
          "Con una tasa habitual, ¿llega Adam a medio camino antes que el descenso de gradiente?",
        options: ["Antes", "Después", "Casi al mismo tiempo"],
        found: (f, n) =>
          (f.diverged.includes(true)
            ? "En uno de los dos, los pesos crecen sin fin. "
            : f.epochs
                .map(
                  (/** @type {number | null} */ epoch, /** @type {number} */ k) =>
                    `${["Con Adam", "con descenso de gradiente"][k]} y η = ${f.rates[k]}, el coste de entrenamiento ` +
                    (epoch === null
                      ? `no llega a medio camino del más bajo de ambos en ${f.last[k]} épocas`
                      : `está a medio camino del más bajo de ambos en la época ${epoch}`),
                )
                .join("; ") + ". ") +
          `La primera actualización mueve un peso o umbral en ${n.short(f.steps[0])} en media con Adam, y en ${n.short(f.steps[1])} con descenso de gradiente: ` +
          (f.isWhole
            ? "un paso de Adam mide más o menos η para cada peso, sea su gradiente grande o pequeño: así una tasa conviene a todas las capas. "
            : "un paso de Adam mide más o menos η para un peso, pero aquí muchos gradientes son 0, o pequeños junto a ε. ") +
          (f.isOpen
            ? ""
            : f.right.includes(2)
              ? "Las dos épocas difieren en menos de un factor 2."
              : f.steps[0] > f.steps[1] === f.right.includes(0)
                ? "El que da el primer paso más largo llega aquí antes a medio camino."
                : "La longitud del primer paso no decide aquí: los pasos siguientes cambian."),
      },
      decay: {
        title: "¿Qué hace el decaimiento de pesos con los pesos, y con las filas de prueba?",
        options: [
          "Los pesos terminan más pequeños, y el coste de prueba es más bajo",
          "Los pesos terminan más pequeños, y el coste de prueba no es más bajo",
          "Los pesos no terminan más pequeños",
        ],
        found: (f, n) =>
          f.isOpen
            ? "En uno de los dos, los pesos crecen sin fin."
            : `Con un decaimiento de ${f.decays[0]}, los pesos terminan con una media cuadrática de ${n.short(f.sizes[0])}; con ${f.decays[1]}, de ${n.short(f.sizes[1])}. ` +
              (f.isSmaller
                ? "El decaimiento suma una parte de cada peso a su gradiente, y así lo lleva hacia 0. "
                : "El decaimiento lleva los pesos hacia 0, pero aquí no terminan más cerca de él. ") +
              `Coste de entrenamiento: ${n.short(f.train[0])} y ${n.short(f.train[1])}` +
              (f.isWorse
                ? ", así que el decaimiento cuesta algo del ajuste. "
                : ", así que el decaimiento apenas cuesta nada del ajuste. ") +
              `Coste de prueba: ${n.fine(f.test[0])} y ${n.fine(f.test[1])}. ` +
              (f.isSmaller && f.isChance
                ? `Con ${f.tests} filas de prueba, esta diferencia puede ser azar: así que cuentan las dos primeras respuestas.`
                : ""),
      },
      stop: {
        title: "¿Es la última época la mejor para las filas de prueba?",
        options: [
          "Sí: el coste de prueba es el más bajo al final, o igual de bajo",
          "No: era más bajo antes, y ha subido",
          "No: era el más bajo antes de la primera época",
        ],
        found: (f, n) =>
          f.isOpen
            ? "Este entrenamiento diverge, así que su final no es un final con que comparar."
            : `El coste de prueba es ${n.short(f.test[0])} tras la época ${f.epochs[0]}, el más bajo${f.every > 1 ? ` (de cada ${f.every} épocas)` : ""}, y ${n.short(f.test[1])} tras la última, ${f.epochs[1]}; la exactitud de prueba es ${n.percent(f.accuracies[0])} y ${n.percent(f.accuracies[1])}. ` +
              (f.isEnd
                ? "Así que aquí no se gana nada con parar antes. "
                : f.isChance
                  ? `Con ${f.tests} filas de prueba, esta subida puede ser azar: así que cuenta también la primera respuesta. `
                  : "La parada temprana guardaría los pesos del coste más bajo. ") +
              "Pero una época elegida por filas de prueba no queda probada por ellas: la parada temprana aparta filas de entrenamiento, y para cuando sube su coste. " +
              (f.patience === null
                ? "Este estudio no elige ninguna: entrena todas las épocas."
                : `Este estudio elige solo por filas de entrenamiento: para tras ${f.patience} épocas sin progreso de su coste.`),
      },
      mistake: {
        title: "Si los umbrales no se actualizan nunca, ¿lo muestra la exactitud?",
        options: [
          "Sí: baja más de 5 puntos",
          "No: cambia como máximo 5 puntos",
          "Mejora más de 5 puntos",
        ],
        found: (f, n) =>
          `Exactitud de prueba: ${n.percent(f.accuracies[0])} sin el error, ${n.percent(f.accuracies[1])} con él, en ${f.tests} filas de prueba, de las que una es ${n.percent(f.oneRow)}. ` +
          (f.suspect
            ? `Una comprobación del gradiente lo encuentra enseguida: ${f.ofThreshold ? "el gradiente de un umbral" : "un gradiente"} es ${n.short(f.suspect.expected)} por diferencias finitas, y ${n.short(f.suspect.own)} en este programa.`
            : "Una comprobación del gradiente no encuentra nada aquí: en la primera actualización, los gradientes de los umbrales son 0, o mucho menores que el mayor gradiente."),
      },
      line: {
        title: "¿Es la red mejor que una recta aquí, y con qué seguridad?",
        options: ["La red es mejor", "La recta es mejor", "Estas divisiones no lo pueden decir"],
        found: (f, n) =>
          `Exactitud media en ${f.splits} divisiones: ${n.percent(f.network)} para la red, ${n.percent(f.line)} para una red sin capa oculta, ${f.classes > 2 ? "cuya frontera entre dos clases es recta" : "cuya frontera es recta"}. La red es mejor en ${f.better} divisiones, peor en ${f.worse}, igual en ${f.splits - f.better - f.worse}. ` +
          "Pero las divisiones comparten filas, así que contarlas no prueba nada. " +
          (f.interval
            ? `Un intervalo que lo tiene en cuenta dice, con una confianza del 95%: la diferencia está entre ${n.short(100 * f.interval[0])} y ${n.short(100 * f.interval[1])} puntos` +
              `${[", así que la red es mejor", ", así que la recta es mejor", ", así que puede ser 0, lo que no es lo mismo que ser 0"][f.right]}. `
            : f.isOrdered
              ? "Cada una se entrena solo con filas anteriores, lo que el intervalo habitual no tiene en cuenta. "
              : "Todas las diferencias son iguales, así que no dicen nada del azar. ") +
          `El informe de un estudio compara con la regresión logística: el mismo tipo de red, pero entrenada hasta que su coste no puede bajar más. Aquí se entrena como máximo ${f.epochs} épocas, así que las dos exactitudes pueden diferir.`,
      },
    },
  },
};
