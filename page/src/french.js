// Tous les textes de la page en français. Un texte qui contient un nombre en est une fonction.

/** Un nombre et son nom, au singulier en dessous de 2. @param {number | string} n @param {string} one @param {string} many */
const countInFrench = (n, one, many) => `${n} ${Number(n) < 2 ? one : many}`;

/** @param {number | string} n */
const epochsInFrench = (n) => countInFrench(n, "époque", "époques");

/** @param {number | string} n */
const nodesInFrench = (n) => countInFrench(n, "nœud", "nœuds");

/** @param {number | string} n */
const rowsInFrench = (n) => countInFrench(n, "ligne", "lignes");

/** @param {number | string} n */
const updatesInFrench = (n) => countInFrench(n, "mise à jour", "mises à jour");

/** @param {number | string} n */
const testRowsInFrench = (n) => countInFrench(n, "ligne de test", "lignes de test");

/** @param {number | string} n */
const trainingsInFrench = (n) => countInFrench(n, "entraînement", "entraînements");

/** @param {any} f @param {any} n @param {number} k lequel des deux coûts */
const costInFrench = (f, n, k) =>
  f.diverged[k] ? "croît sans fin" : `se termine à ${n.short(f.train[k])}`;

// Le parcours guidé en français : chaque question, ce que l’on peut attendre, et ce qui a été trouvé,
// en phrases qui portent les nombres de l’étude.

/**
 * Ce que la pente d’une fonction d’activation fait des erreurs, selon que la pente d’une couche est ou non
 * inférieure à la moitié de la plus grande.
 * @type {Record<string, (f: any) => string>}
 */
const SLOPES_IN_FRENCH = {
  sigmoid: (f) => `La pente d’une sigmoïde est d’au plus 1/4. ${flatInFrench(f)}`,
  tanh: (f) => `La pente de tanh est d’au plus 1. ${flatInFrench(f)}`,
  relu: (f) =>
    "La pente d’une ReLU est 1 là où la somme est positive, et 0 ailleurs : les erreurs passent en entier, ou pas du tout." +
    (f.isStopped
      ? " Ici, une couche n’en laisse passer aucune : toutes ses sommes sont négatives."
      : ""),
};

/** @param {any} f */
const flatInFrench = (f) =>
  f.isFlat
    ? "Ici, une couche a moins de la moitié de cette valeur, car ses sommes sont loin de 0 : ses nœuds sont saturés, leurs sorties changent à peine, et peu de l’erreur passe."
    : "Ici, chaque couche a au moins la moitié de cette valeur : aucune couche n’est saturée.";

/** @param {any} f @param {number} k */
const waitInFrench = ({ ends, half, epochs }, k) =>
  ends[k] === "diverged"
    ? "les poids croissent sans fin"
    : ends[k] === "unlearned"
      ? `le réseau n’a rien appris en ${epochsInFrench(epochs)}`
      : half[k] === null
        ? "le coût d’entraînement ne baisse jamais"
        : `le coût d’entraînement avait fait la moitié de sa descente à l’époque ${half[k]}`;

/** @type {[RegExp, string][]} */
const TERMS_IN_FRENCH = [
  [/no hidden layer/, "aucune couche cachée"],
  [/\b1 hidden node\b/, "1 nœud caché"],
  [/(\d+) hidden nodes/, "$1 nœuds cachés"],
  [/hidden layers/, "couches cachées"],
  [/learning rate/, "taux d’apprentissage"],
  [/batch size/, "taille des mini-lots"],
  [/weight decay/, "décroissance des poids"],
  [/squared error/, "erreur quadratique"],
  [/cross entropy/, "entropie croisée"],
  [/uniform/, "uniforme"],
  [/^equal$/, "tous égaux"],
  [/^gradient descent$/, "descente de gradient"],
  [/\bthe rest\b/, "le reste"],
  [/\bnew /, "nouveau "],
  [/\bmean of /, "moyenne de "],
];

/** @type {import("./english.js").Words} */
export const FRENCH = {
  languageName: "Français",
  language: "Langue",
  translated: (english) =>
    TERMS_IN_FRENCH.reduce((text, [term, own]) => text.replace(term, own), english),
  title: "Regardez les réseaux apprendre",
  introduction:
    "Voyez comment un réseau apprend par rétropropagation : il prédit, l’erreur revient en arrière, et chaque " +
    "poids bouge un peu. Les données et les réseaux viennent de cette étude, et l’entraînement se fait ici, dans " +
    "votre navigateur.",
  sections: "Sections",
  openInTab: "Ouvrir dans un onglet",
  noStudy:
    "Voyez comment un réseau apprend par rétropropagation : il prédit, l’erreur revient en arrière, et chaque poids " +
    "bouge un peu. Cette page se suffit à elle-même ; dans le rapport d’une étude, les réseaux de l’étude s’entraînent aussi.",
  tooLarge: (rows, inputs, n) =>
    `Cette étude (${rowsInFrench(rows)} × ${countInFrench(inputs, "entrée", "entrées")} × ${countInFrench(n, "configuration", "configurations")}) est trop grande pour une page de ` +
    "1.5 Mo : ses réseaux ne peuvent donc pas être entraînés ici. Les résultats de leurs entraînements sont dans les fichiers de results/.",
  referenceOnly: (n) =>
    `La page n’a de place que pour la référence, et non pour l’ensemble des configurations (${n}).`,
  leftOut: (names) =>
    `Absent de cette page : ${names}. Elle n’en connaît pas la fonction d’activation, le coût, les poids initiaux ou l’optimiseur.`,
  tabs: {
    first: "Essayer",
    watch: "Observer",
    proof: "Prouver",
    update: "Une mise à jour",
    node: "Un nœud",
    walk: "Marche",
    gallery: "Erreurs",
    exercise: "Votre exercice",
    table: "Votre tableau",
    teach: "Enseigner",
  },
  first: {
    introduction: (nodes) =>
      `Un réseau de ${nodesInFrench(nodes)} apprend à distinguer deux classes, ici et maintenant. Changez un réglage, et il recommence ; faites glisser un point, et il l’apprend aussi.`,
    link: " L’adresse garde vos réglages : envoyez-la comme lien.",
    data: { xor: "XOR", spirals: "deux spirales" },
    noise: "Bruit",
    nodes: "Nœuds cachés",
    other: "Autres poids initiaux",
  },
  configuration: "Configuration",
  reference: "la référence",
  repeat: "Répétition",
  fold: "Pli",
  beside: "Comparer avec",
  nothing: "rien",
  play: "Lancer",
  pause: "Pause",
  step: "Une époque",
  restart: "Recommencer",
  undo: "Annuler mes changements",
  speed: "Vitesse",
  epoch: "Époque",
  epochOf: (epoch, all) => `époque ${epoch} sur ${all}`,
  empty: "appuyez sur Lancer, ou faites glisser une ligne",
  unfold: "Plus",
  listed: (parts) => parts.join(", "),
  accuracy: (share, rows) => `exactitude de test ${share} (${rowsInFrench(rows)})`,
  plane:
    "Le fond est la prédiction du réseau ; plus la couleur est forte, plus il est sûr. " +
    "Les lignes de test, que l’entraînement ne voit pas, sont grandes, avec un bord épais ; les lignes d’entraînement sont petites. " +
    "La répétition et le pli décident du rôle de chaque ligne.",
  axes: (across, up) =>
    up ? `Horizontalement : ${across}. Verticalement : ${up}.` : `Horizontalement : ${across}.`,
  boundary: (probability) => `frontière : ${probability} égale à 0.5`,
  probabilityOf: (name) => `probabilité de ${name}`,
  probabilities: "probabilité de chaque classe",
  planeTitle: "Données",
  networkTitle: "Réseau",
  costsTitle: "Coût moyen",
  unlikeCosts: (kinds) =>
    `Les deux coûts sont de natures différentes (${kinds.join(", ")}) : leurs valeurs ne sont pas comparables, et chacun a sa propre échelle. Comparez l’exactitude de test.`,
  strengthsTitle: "Comment les couches apprennent",
  network:
    "Les traits bleus continus sont des poids positifs, les traits rouges en tirets des poids négatifs ; un trait épais est un grand poids. Pointez " +
    "un nœud pour voir sa sortie dans l’image des données. La référence est le réseau principal de " +
    "l’étude ; les autres configurations sont nommées par ce qui les en distingue.",
  starts: {
    uniform: "Les poids et les biais initiaux sont des nombres aléatoires de 0 à 1.",
    glorot:
      "Les poids initiaux (Glorot) sont des nombres aléatoires de −√(6/n) à √(6/n), où n est le nombre de " +
      "nœuds des deux côtés des poids ; les biais partent de 0.",
    equal: "Tous les poids et biais initiaux valent 0.5.",
  },
  untuned:
    "Les taux d’apprentissage n’ont pas été réglés pour chaque optimiseur : le momentum prend d’ordinaire un dixième du " +
    "taux de la descente de gradient, et Adam de 0.001 à 0.01. Deux optimiseurs au même taux ne montrent donc pas lequel est le meilleur.",
  addNote:
    "Faites glisser une ligne, ou cliquez pour ajouter une ligne d’entraînement de la classe choisie : le réseau est " +
    "aussitôt entraîné de nouveau. Au clavier : les flèches déplacent une croix, Entrée ajoute, Espace saisit une ligne.",
  addedClass: "Un clic ajoute",
  rate: "Taux η",
  rowsAdded: (n) => countInFrench(n, "ligne ajoutée", "lignes ajoutées"),
  rowsMoved: (n) => countInFrench(n, "ligne déplacée", "lignes déplacées"),
  elsewhere:
    " C’est par ces entrées que les classes diffèrent le plus. Les autres sont à leur médiane, ou à la catégorie la plus fréquente : ce qui semble ici mêlé peut être séparé.",
  response:
    "Chaque carré est la sortie de son nœud sur le plan : le blanc est sa plus petite sortie, le " +
    "foncé sa plus grande.",
  noResponse: (most) => ` Les couches de plus de ${nodesInFrench(most)} n’ont pas de carrés.`,
  costs:
    "Le coût d’un exemple, en moyenne : en tirets pour les lignes d’entraînement, chacune juste avant sa mise à jour dans l’époque, comme dans " +
    "l’étude ; en trait continu pour les lignes de test, après la dernière mise à jour de l’époque. Quand la courbe en tirets aura-t-elle " +
    "fait la moitié de la descente de sa première valeur à la plus basse ? Cliquez à cet endroit, ou déplacez la marque " +
    "avec les flèches, puis lancez.",
  mark: "Marquer cette époque",
  trainingCost: "entraînement, pendant l’époque",
  testCost: "test, après elle",
  strengths:
    "Trait continu : la moyenne de |error| dans chaque couche, c’est-à-dire de combien le coût change avec les sommes de ses " +
    "nœuds. Pointillé : la pente moyenne de ses nœuds. L’échelle est logarithmique ; plus une couche est profonde, plus " +
    "sa couleur est forte. Une couche apprend par son erreur : une petite pente la ralentit donc, ainsi que toutes les couches qui la précèdent.",
  layer: (n) => `couche ${n}`,
  outputLayer: "sortie",
  guess: (epoch) => `Vous avez marqué l’époque ${epoch}.`,
  guessed: (mark, epoch) =>
    `Vous avez marqué l’époque ${mark}. À l’époque ${epoch}, le coût d’entraînement avait fait la moitié de la descente vers sa valeur la plus basse.`,
  same: (p, w) =>
    "Vérification réussie : entraîné dans votre navigateur, ce réseau est identique à celui qui est enregistré. " +
    `Plus grand écart : ${p} pour une probabilité, ${w} pour un poids.`,
  notSame: (p, w) =>
    `Différent de l’entraînement enregistré. Plus grand écart : ${p} pour une probabilité, ${w} pour un poids.`,
  otherEnd: (own, stored) =>
    `Différent de l’entraînement enregistré. Ici : ${own} Enregistré : ${stored}`,
  chaotic: (until, epoch, difference) =>
    "Non jugé : cet entraînement est chaotique. Les erreurs d’arrondi croissent à chaque mise à jour, et décident à partir de " +
    `l’époque ${until} environ : sa fin n’indique donc aucune faute. ` +
    (difference === null
      ? "Aucune époque antérieure n’est enregistrée."
      : `À l’époque ${epoch}, il était encore identique à celui qui est enregistré : les coûts d’entraînement diffèrent de ${difference}.`),
  status: {
    epochs: (n) => `Entraîné jusqu’au bout (${epochsInFrench(n)}).`,
    no_progress: (n) => `Arrêt précoce, après l’époque ${n}.`,
    diverged: (n) => `A divergé en ${epochsInFrench(n)} : aucun nombre n’est donc comparé.`,
    unlearned: (n) =>
      `N’a rien appris en ${epochsInFrench(n)} : il prédit la même classe pour toutes les lignes d’entraînement.`,
  },
  retrain: (n) =>
    n === 1 ? "Refaire le seul entraînement" : `Refaire les ${trainingsInFrench(n)}`,
  stop: "Arrêter",
  proofIntroduction:
    "Chaque entraînement est refait ici et comparé à celui qui est enregistré. Les écarts jusqu’à 1e-10 sont des " +
    "erreurs d’arrondi. Dans un entraînement chaotique, elles croissent, jusqu’à donner un autre réseau. L’étude " +
    "dit quand : de tels entraînements sont comparés à une époque bien antérieure, et leur fin n’est pas jugée.",
  progress: (done, all, time) => `${done} sur ${trainingsInFrench(all)}, ${time} s`,
  proved: (same, all, open) =>
    (same === all
      ? `Identiques à ceux qui sont enregistrés : tous les entraînements refaits (${all}).`
      : `Entraînements identiques : ${same} sur ${all} refaits.`) +
    (open
      ? open === 1
        ? " 1 entraînement chaotique commence de façon identique, et sa fin n’est pas jugée."
        : ` ${open} entraînements chaotiques commencent de façon identique, et leur fin n’est pas jugée.`
      : ""),
  proofColumns: [
    "configuration",
    "entraînements",
    "identiques",
    "plus grand écart d’une probabilité",
    "plus grand écart d’un poids",
    "exactitude de test moyenne",
    "remarques",
  ],
  remarks: {
    epochs: (n) =>
      countInFrench(
        n,
        "entraîné jusqu’à la dernière époque",
        "entraînés jusqu’à la dernière époque",
      ),
    no_progress: (n) => countInFrench(n, "arrêté tôt", "arrêtés tôt"),
    diverged: (n) => countInFrench(n, "a divergé", "ont divergé"),
    unlearned: (n) => countInFrench(n, "n’a pas appris", "n’ont pas appris"),
    chaotic: (n) => countInFrench(n, "chaotique, non jugé", "chaotiques, non jugés"),
  },
  updateIntroduction:
    "Voici la première mise à jour de l’entraînement, comme si la ligne choisie venait en premier ; au début, c’est la ligne " +
    "sur laquelle le réseau se trompe le plus. Avancez avec les boutons ou les flèches. Les valeurs ont 4 " +
    "chiffres ; les nombres d’une formule en ont autant qu’il en faut pour obtenir cette valeur.",
  worstRow: " (la plus fausse)",
  allDigits: "Tous les chiffres",
  flow: "Le réseau : ce qui circule le long des arêtes",
  carries: (value) => `transporte ${value}`,
  notYet: "pas encore calculé",
  chooseEdge:
    "Cliquez sur une arête ou un nœud : son gradient s’affiche alors comme un produit, par la règle de la chaîne.",
  chain: "La règle de la chaîne",
  factors: {
    outputError: "écart de la sortie à la cible",
    slope: "pente σ′ du nœud",
    together: "pente et coût ensemble",
    above: "erreurs d’au-dessus, fois les poids",
    below: "ce qui est venu d’en dessous",
    one: "un biais a l’entrée 1",
  },
  errorOfNode: {
    output:
      "Le produit des facteurs soulignés est l’erreur du nœud : la dérivée de E par rapport à sa somme. Le cours l’appelle l’erreur de la couche de sortie.",
    hidden:
      "Le produit des facteurs soulignés est l’erreur du nœud : la dérivée de E par rapport à sa somme. Le cours l’appelle l’erreur de la couche cachée.",
  },
  resetDrags: "Annuler les déplacements",
  dragged: "Vous avez déplacé quelque chose : ces nombres ne sont plus ceux de l’étude.",
  costChange: (before, after) => `Coût : ${before} avant la mise à jour, ${after} après.`,
  stage: {
    given: () => "ce qui est donné",
    forward: (layer, all) =>
      layer === all ? "en avant, vers la sortie" : `en avant, vers la couche cachée ${layer}`,
    error: (layer, all) =>
      layer === all
        ? "l’erreur de la sortie"
        : `retour des erreurs, vers la couche cachée ${layer}`,
    gradient: () => "les gradients, et leur vérification",
    update: () => "la mise à jour",
  },
  stageOf: (n, all, name) => `${n} sur ${all} : ${name}`,
  explained: {
    given: () =>
      "Une ligne, sa classe, et les poids et les biais avant la mise à jour. Les entrées sont standardisées : x est une valeur moins la moyenne des lignes d’entraînement, divisée par leur écart-type.",
    forward: (isLast) =>
      isLast
        ? "Le nœud de sortie additionne ce qui arrive et son biais, et sa sigmoïde (ou softmax) en fait une probabilité. La largeur d’une arête est son poids fois la valeur qu’elle transporte."
        : "Chaque nœud additionne ce qui arrive, ajoute son biais (là où d’autres soustraient un seuil, le signe est opposé), et applique σ. La largeur d’une arête est son poids fois la valeur qu’elle transporte.",
    error: (isLast) =>
      isLast
        ? "L’erreur d’un nœud est la dérivée de E par rapport à sa somme, biais compris : à quelle vitesse E change avec elle. Elle naît là où le réseau peut être comparé à la vérité : à sa sortie."
        : "L’erreur revient le long des mêmes arêtes : l’erreur fois le poids, puis fois la pente du nœud. La largeur d’une arête est erreur × poids, à la même échelle pour toutes les couches.",
    gradient: () =>
      "Un gradient est l’erreur au-dessus d’une arête fois la valeur en dessous. La vérification change chaque poids de 0.00001, et regarde de combien change le coût : aucune formule n’est nécessaire pour cela.",
    update: () =>
      "Chaque poids fait un pas contre son gradient, de η fois sa taille. La largeur des arêtes est celle du pas.",
  },
  widthOfStep: "La largeur des arêtes est celle du pas.",
  optimiser: "Optimiseur",
  optimisers: {
    sgd: "descente de gradient",
    momentum: "momentum",
    adam: "Adam",
  },
  steps: {
    momentum:
      "Le momentum retient un nombre u pour chaque poids : u garde la plus grande partie de sa dernière valeur, et ajoute le gradient. Le pas est η u.",
    adam: "Adam retient deux moyennes pour chaque poids : m de ses gradients, et s de leurs carrés. Le pas est η(t) m / (√s + ε), à peu près aussi long pour un petit gradient que pour un grand ; η(t) est η, corrigé parce que m et s partent de 0.",
  },
  why: "Pourquoi ? La démonstration",
  derivation: {
    given: () =>
      "Une ligne suffit : le coût de toutes les lignes est la moyenne de leurs coûts, donc son gradient est la moyenne de leurs gradients.",
    forward: (isLast) =>
      isLast
        ? "ŷ est entre 0 et 1, et peut donc se lire comme une probabilité. Le coût E dit en un seul nombre à quelle distance de la classe il se trouve."
        : "Sans σ, deux couches n’en vaudraient qu’une : une somme pondérée de sommes pondérées est une somme pondérée. σ la courbe. Sa pente σ′ dit de combien change la sortie si la somme change un peu.",
    error: (isLast) =>
      isLast
        ? "E ne dépend de la somme beta + theta qu’à travers ŷ, donc, par la règle de la chaîne, ∂E/∂(beta + theta) = ∂E/∂ŷ · ∂ŷ/∂(beta + theta). Pour l’erreur quadratique, le premier facteur est ŷ − y. Le second est la pente de la sigmoïde : de σ(a) = 1/(1 + e⁻ᵃ) il suit σ′(a) = e⁻ᵃ/(1 + e⁻ᵃ)² = σ(a)(1 − σ(a)), ici ŷ(1 − ŷ). Pour l’entropie croisée, ∂E/∂ŷ = (ŷ − y)/(ŷ(1 − ŷ)) : la pente se simplifie, et l’erreur est ŷ − y."
        : "b_h atteint E à travers chaque nœud j au-dessus de lui. Si b_h augmente d’un petit ε, la somme du nœud j augmente de w_hj ε, et E de error_j w_hj ε. Tous ces chemins s’additionnent : ∂E/∂b_h = Σ error_j w_hj. Et b_h change avec sa propre somme selon σ′. Donc error_h = σ′ · Σ error_j w_hj : les erreurs d’une couche découlent de celles de la couche au-dessus, et un seul passage en arrière les donne toutes.",
    gradient: () =>
      "La somme du nœud j est Σ w_hj b_h + theta_j. Elle change donc de b_h par unité de w_hj, et de 1 par unité de theta_j : ∂E/∂w_hj = error_j b_h, et ∂E/∂theta_j = error_j. Sous la couche cachée, il en va de même avec v, gamma et x.",
    update: () =>
      "Si tous les poids changent un peu, E change de Σ ∂E/∂w · Δw. Avec Δw = −η ∂E/∂w, cela fait −η Σ (∂E/∂w)², qui n’est jamais au-dessus de 0 : le coût de cette ligne baisse, si η est assez petit. Faites glisser η, et voyez jusqu’où cela va.",
  },
  separator: " ; ",
  afterEpoch: "Après l’époque",
  checkColumns: ["par différences finies", "écart"],
  checkNote:
    "Les deux méthodes s’accordent à 1e-10 près environ. Elles ne sont comparées que pour cette ligne et ces poids ; mais une formule fausse ne passerait guère.",
  row: "Ligne",
  sample: (n) => `ligne ${n}`,
  ofBatch: (m) =>
    `Une mise à jour porte sur un mini-lot de ${rowsInFrench(m)} : elle utilise la moyenne de leurs gradients. Vous voyez une de ces lignes.`,
  back: "Retour",
  next: "Suivant",
  lineColumns: ["grandeur", "formule", "avec les nombres", "valeur"],
  arithmetic: "Calcul de",
  wholeStep: "toute l’étape",
  showAll: "Afficher toute l’étape",
  more: (n) => `Tout afficher (${n})`,
  galleryIntroduction:
    "Commettez une erreur classique, et entraînez avec elle. L’exactitude de test change souvent à peine. Une " +
    "vérification du gradient trouve les erreurs dans le gradient, non dans le traitement des données ni dans la façon dont un pas utilise le " +
    "gradient : celles-là se voient au premier nombre qui diffère.",
  trainAllMistakes: "Entraîner avec chacune",
  rightStep: "Juste :",
  wrongStep: "Avec l’erreur :",
  mistakeFormulas: {
    none: ["", ""],
    updated_weights: [
      "error_h = σ′ · somme de error_j w_hj",
      "error_h = σ′ · somme de error_j nouveau w_hj",
    ],
    no_slope: ["error_h = σ′ · somme de error_j w_hj", "error_h = somme de error_j w_hj"],
    no_thresholds: [
      "nouveau theta = theta - eta error, et nouveau w_h",
      "nouveau theta = theta, et nouveau w_h",
    ],
    sum: [
      "nouveau w_h = w_h - eta · moyenne de dE/dw_h",
      "nouveau w_h = w_h - eta · somme de dE/dw_h",
    ],
    no_correction: [
      "eta(t) = eta · sqrt(1 - beta_2^t) / (1 - beta_1^t)",
      "eta(t) = eta à chaque mise à jour",
    ],
    same_order: ["", ""],
    all_rows: [
      "x mis à l’échelle par les lignes d’entraînement",
      "x mis à l’échelle par toutes les lignes, celles de test aussi",
    ],
  },
  checkFinds: (symbol, own, right) =>
    `Une vérification du gradient la révèle dès la première mise à jour : ${symbol} vaut ${own} selon cette étape, et ${right} par différences finies.`,
  checkFindsNothing:
    "Une vérification du gradient ne trouve pas celle-ci : chaque gradient est juste. Ce qui est faux, ce sont les lignes utilisées, leur ordre, ou le pas effectué. Comparez plutôt les premiers nombres.",
  mistakeColumns: [
    "erreur",
    "première différence",
    "vérification du gradient",
    "exactitude de test",
  ],
  place: (epoch, update) => `époque ${epoch}, mise à jour ${update}`,
  never: "aucune",
  found: (isFound) => (isFound ? "la trouve" : "ne trouve rien"),
  lesson: (all, changing, same, accuracy) =>
    `Erreurs qui changent l’entraînement : ${changing} sur ${all}. ` +
    `Exactitude de test de ${accuracy}, comme sans erreur : ${same} sur ${changing}.` +
    (same < changing ? " Là où elle diffère, changer la graine peut en faire autant." : "") +
    " Une bonne exactitude ne prouve donc aucun programme : vérifiez les gradients, et comparez les premiers nombres.",
  mistakes: {
    none: "aucune erreur",
    updated_weights: "erreurs calculées avec les poids mis à jour",
    no_slope: "σ′ oublié",
    no_thresholds: "biais non mis à jour",
    sum: "la somme d’un mini-lot, non sa moyenne",
    no_correction: "correction d’Adam oubliée",
    same_order: "le même ordre à chaque époque",
    all_rows: "mise à l’échelle apprise aussi sur les lignes de test",
  },
  noEffect: "Cette erreur ne change rien ici.",
  onlyBatches: "Avec des mini-lots d’un seul exemple, cette erreur ne change rien.",
  train: "Entraîner avec cette erreur",
  trainRight: "Entraîner",
  firstDifference: (epoch, update, right, wrong) => [
    "Première différence : ",
    `, dans la mise à jour ${update} de l’époque ${epoch} : ${wrong} au lieu de ${right}.`,
  ],
  accuracies: (right, wrong) => `Exactitude de test : ${wrong} avec l’erreur, ${right} sans elle.`,
  exerciseIntroduction:
    "Saisissez un nombre, par exemple votre numéro d’étudiant. Il décide des poids initiaux et de la ligne. " +
    "Gardez 6 chiffres d’une étape à l’autre, et écrivez 4 chiffres significatifs dans chaque case. Ce qui découle " +
    "de nombres arrondis, ou d’une erreur antérieure, compte comme juste, et la première étape fausse " +
    "est nommée.",
  exerciseSymbols:
    "v_1,2 est le poids de l’entrée 1 au nœud caché 2, et w_2 celui du nœud caché 2 à la sortie. " +
    "Les biais gamma et theta s’ajoutent aux sommes alpha et beta. L’erreur d’un nœud est la " +
    "dérivée de E par rapport à sa somme, biais compris.",
  marks: {
    empty: "",
    right: "✓ juste",
    follows: "✓ découle de ce que vous avez écrit avant",
    few_digits: "✓ juste ; donnez 4 chiffres",
    wrong: "✗ ni la valeur de cette étape, ni ce qui découle de vos nombres ; voyez l’indice",
    unread: "ce n’est pas un nombre",
  },
  firstWrong: (symbol, slip) =>
    `La première étape fausse est ${symbol}` +
    (slip ? ` : ${FRENCH.slips[/** @type {keyof typeof FRENCH.slips} */ (slip)]}` : "."),
  slips: {
    no_threshold: "manque-t-il un biais ?",
    threshold_too_early: "le biais a-t-il déjà été ajouté ici ? Il vient à l’étape suivante.",
    no_sigma: "manque-t-il σ ?",
    sign_in_sigma: "est-ce exp(−a), et non exp(a) ?",
    no_half: "manque-t-il ½ ?",
    no_square: "manque-t-il le carré ?",
    no_slope: "manque-t-il la pente σ′ ?",
    half_slope: "la pente est b (1 − b), et non b.",
    indices: "les indices sont-ils inversés ?",
    no_input: "manque-t-il la valeur venue d’en dessous ?",
    new_weights:
      "les poids mis à jour ont-ils servi ? Toutes les erreurs viennent des poids d’avant la mise à jour.",
    no_rate: "manque-t-il le taux d’apprentissage ?",
    plus: "un pas va contre le gradient : moins.",
    sign: "le signe est-il faux ?",
  },
  number: "Votre numéro",
  notNumber: "N’utilisez que des chiffres, 40 au plus.",
  exerciseTask: (number, row, net, eta) =>
    `Exercice ${number} : une mise à jour pour la ligne ${row} des données, ${net}, η = ${eta}.`,
  check: "Vérifier",
  print: "Imprimer",
  nothingTyped: "Rien n’est encore rempli.",
  right: (n, all) => `${countInFrench(n, "réponse juste", "réponses justes")} sur ${all}.`,
  hint: "Indice",
  teacher: (command) => `La solution, pour l’enseignant : ${command}`,
  ownValues: "Vos propres valeurs",
  ownIntroduction: "Hors de l’étude : il n’y a donc aucun entraînement enregistré auquel comparer.",
  hidden: "Nœuds cachés, par exemple 10 ou 4,3",
  activation: "Fonction d’activation",
  cost: "Coût",
  learningRate: "Taux d’apprentissage η",
  batchSize: "Taille des mini-lots",
  decay: "Décroissance des poids",
  initialisation: "Poids initiaux",
  seed: "Graine",
  use: "Utiliser ces valeurs",
  notOfStudy: "hors de l’étude",
  ownNote: (values) =>
    `Observer, Une mise à jour, Un nœud et Marche montrent un réseau qui ne fait pas partie de l’étude (${values}).`,
  backToStudy: "Revenir à l’étude",
  noHidden: "aucune couche cachée",
  otherStudy: (name) =>
    `Voici « ${name} », créé dans cette page : cela ne fait pas partie de l’étude.`,
  wrongField: {
    hidden: "Nœuds cachés : de 1 à 5 nombres comme 3-3, 3x3 ou 3,3, et au plus 20,000 poids.",
    rate: "Taux d’apprentissage : un nombre au-dessus de 0.",
    batch: "Taille des mini-lots : un nombre entier à partir de 1.",
    l2: "Décroissance des poids : un nombre à partir de 0.",
    seed: "Graine : un nombre entier à partir de 0.",
  },
  fitOf: (name, repeat, fold) => `${name}, répétition ${repeat}, pli ${fold}`,
  watchIt: "Observer",
  moreFits: (n) => `et ${countInFrench(n, "autre", "autres")}`,
  aspects: {
    status: ({ status, stored }) => `statut ${status}, enregistré ${stored.status}`,
    epochs: ({ epochs, stored }) => `${epochsInFrench(epochs)}, enregistré ${stored.epochs}`,
    weights: ({ weights }) => `un poids, de ${weights.toExponential(0)}`,
    probabilities: ({ probabilities }) => `une probabilité, de ${probabilities.toExponential(0)}`,
    labels: ({ labels }) => `la classe de ${testRowsInFrench(labels)}`,
    accuracy: ({ accuracies: [own, stored] }) =>
      `exactitude ${(100 * own).toFixed(1)}%, enregistrée ${(100 * stored).toFixed(1)}%`,
    beginning: () => "le début, avant que les erreurs d’arrondi ne décident",
  },
  tableIntroduction: (columns, rows) =>
    `Choisissez un fichier CSV avec un en-tête, jusqu’à ${countInFrench(columns, "colonne numérique", "colonnes numériques")}, une colonne pour la classe, et jusqu’à ${rowsInFrench(rows)} ; ou déposez-le ici. Il est lu et entraîné dans cette page : rien n’est envoyé nulle part.`,
  chooseFile: "Choisir ou déposer un fichier CSV",
  orPaste: "ou coller un tableau :",
  usePasted: "Utiliser ce tableau",
  tableExample: "longueur,largeur,classe\n5.1,3.5,setosa\n…",
  tableLimits:
    "L’entraînement se fait avec les réseaux, la graine et les époques de cette étude, en cinq plis. Les entrées sont standardisées par les lignes d’entraînement ; une valeur manquante devient la moyenne. Ce que cette page ne fait pas : plis répétés, intervalles, comparaison avec la régression logistique. Le workflow fait tout cela, avec cette commande :",
  tableRead: (name, rows, columns, label, classes) =>
    `Voici votre tableau « ${name} » : ${rowsInFrench(rows)}, ${countInFrench(columns, "colonne numérique", "colonnes numériques")}, classe « ${label} » (${classes}). Il n’a été envoyé nulle part, et ne fait pas partie de l’étude.`,
  tableLeft: (names) => `Laissé de côté, faute d’être des nombres : ${names}.`,
  tableProblems: {
    empty: () => "Ce fichier n’a aucune ligne sous un en-tête.",
    rows: (n) =>
      `Trouvé ${countInFrench(n, "ligne avec une classe", "lignes avec une classe")} ; utilisez de 10 à 2000 lignes.`,
    columns: (n) =>
      `Trouvé ${countInFrench(n, "colonne numérique", "colonnes numériques")} ; utilisez-en de 1 à 10.`,
    label: (name) => `Aucune classe trouvée dans ${name}.`,
    classes: (found) =>
      `Classes trouvées dans la colonne ${found} ; utilisez une colonne de 2 à 10 classes, la dernière avec des textes, ou la dernière de toutes.`,
    ragged: (line) => `La ligne ${line} n’a pas le même nombre de cellules que l’en-tête.`,
  },
  teach: {
    introduction:
      "Pour une classe : une leçon de 45 minutes, des exercices par numéro, leurs solutions, et la correction des réponses de la classe. " +
      "Tout se fait dans cette page : rien n’est envoyé. Imprimer imprime ce qui est affiché.",
    views: {
      lesson: "Leçon",
      exercises: "Exercices",
      solutions: "Solutions",
      marks: "Corriger des réponses",
    },
    lessonTitle: "La rétropropagation en 45 minutes",
    lessonColumns: ["Minutes", "Étape", "La classe", "Vous dites ou demandez", "Diapositives"],
    lesson: {
      xor: {
        does: "Chacun prédit à main levée. Puis les deux réseaux s’entraînent, et tous voient les frontières.",
        asks: "Où traceriez-vous une droite ? Pourquoi n’y en a-t-il pas ? Que font deux droites, et qui les combine ?",
      },
      sample: {
        does: "Parcourez ensemble la mise à jour vers l’avant. Chacun calcule la somme du premier nœud caché avec les nombres à l’écran.",
        asks: "Qu’est-ce qui entre dans un nœud, et qu’est-ce qui en sort ? Pourquoi une ligne change-t-elle presque tous les poids ?",
      },
      flow: {
        does: "Parcourez la même mise à jour vers l’arrière. Nommez chaque facteur de la règle de la chaîne avant qu’il s’affiche.",
        asks: "Où commence l’erreur ? Par quoi est-elle multipliée sur le chemin du retour ? Quand n’en reste-t-il presque rien ?",
      },
      exercise: {
        does: "Chacun travaille avec son propre nombre, dans la page ou sur une feuille imprimée : en avant, le coût, les erreurs. Qui a fini passe aux gradients et à la mise à jour.",
        asks: "Gardez 6 chiffres. Si une étape est fausse, laquelle est la première ? Comparez-la à sa formule avant de changer autre chose.",
      },
      symmetry: {
        does: "Prédisez, et voyez le réseau s’entraîner à partir de poids égaux.",
        asks: "Deux nœuds ont les mêmes poids. Qu’est-ce qui diffère dans leurs erreurs ? Que font donc des poids initiaux aléatoires ?",
      },
      rate: {
        does: "Prédisez, et comparez les deux courbes du coût.",
        asks: "Quelle ligne montre ce que le réseau a appris, et laquelle ce qu’il a appris par cœur ? Quand un pas est-il trop long ?",
      },
      mistake: {
        does: "Prédisez si l’exactitude trahit un programme faux, puis lisez ce que trouve le contrôle du gradient.",
        asks: "Comment savez-vous que votre propre programme est juste ?",
      },
      summary: {
        does: "Chacun lit lesquelles de ses prédictions étaient justes, et imprime le bilan.",
        asks: "Quelle prédiction était fausse, et qu’attendez-vous maintenant ? À la maison : un autre nombre, toutes les étapes.",
      },
    },
    otherQuestions: "Les autres questions, pour une deuxième leçon ou à la maison",
    slides: {
      history: "Un bref historique (历史简介)",
      layers: "Réseau à trois couches, sans boucle (三层前向神经网络)",
      learning: "Algorithme d’apprentissage : coût, paramètres, ensemble d’entraînement (学习算法)",
      outputGradients: "Gradients de w et θ (梯度计算)",
      hiddenGradients: "Gradients de v et γ (梯度计算)",
      algorithm: "Algorithme de rétropropagation (反向传播算法)",
      first: "Exercice 1 : son propre programme (练习#1)",
      second: "Exercice 2 : autres couches, activations, coûts, taux (练习#2)",
    },
    betweenSlides: " ; ",
    noSlide: "pas sur les diapositives",
    numbers: "Numéros des exercices",
    numbersHelp: (most) =>
      `Des nombres et des intervalles, comme 1-30, 45 ; au plus ${most}. Un nombre donne ici le même exercice que dans « Votre exercice ».`,
    numbersProblems: {
      none: () => "Aucun nombre trouvé ; utilisez des nombres et des intervalles, comme 1-30, 45.",
      part: (found) =>
        `Trouvé « ${found} » ; utilisez des nombres de 40 chiffres au plus, et des intervalles, comme 1-30, 45.`,
      order: (found) => `Trouvé l’intervalle « ${found} » ; écrivez d’abord le plus petit nombre.`,
      many: (found, most) => `Trouvé ${found} nombres ; utilisez-en au plus ${most}.`,
    },
    ownPage: "Imprimer chacun sur sa propre page",
    name: "Nom",
    exercise: (number) => `Exercice ${number}`,
    digits:
      "Gardez 6 chiffres d’une étape à l’autre, et écrivez 4 chiffres significatifs dans chaque case.",
    solutionOf: (number) => `Solution de l’exercice ${number}`,
    marksIntroduction:
      "Choisissez un fichier CSV, ou plusieurs. La première ligne nomme les colonnes : name, number, et celles des étapes, comme alpha_1 ou " +
      "new w_1, comme dans le modèle ; des colonnes d’étapes peuvent manquer. Chaque ligne suivante est un étudiant : un nom, le numéro de l’exercice, et les réponses ; une réponse " +
      "qui manque est une cellule vide. Elles sont corrigées comme dans « Votre exercice » : ce qui suit d’une erreur antérieure est juste.",
    template: "Enregistrer un modèle pour ces numéros",
    templateFile: "reponses",
    chooseFiles: "Choisir ou déposer des fichiers CSV",
    place: (file, line) => `${file}, ligne ${line} : `,
    faults: {
      empty: () =>
        "aucune ligne trouvée sous la première ; utilisez une ligne pour chaque étudiant.",
      column: (found, allowed) => `trouvé la colonne « ${found} » ; utilisez ${allowed}.`,
      twice: (found) => `trouvé deux fois la colonne « ${found} » ; utilisez-la une fois.`,
      missing: (found) => `colonne « ${found} » absente ; elle est nécessaire.`,
      steps: (_, allowed) =>
        `aucune colonne d’une étape trouvée ; utilisez-en au moins une parmi ${allowed}.`,
      cells: (found, allowed) =>
        `trouvé ${found} cellules ; utilisez-en ${allowed}, comme à la première ligne.`,
      number: (found) =>
        `trouvé le numéro « ${found} » ; utilisez seulement des chiffres, 40 au plus.`,
      lines: (found, allowed) => `trouvé ${found} étudiants ; utilisez-en au plus ${allowed}.`,
    },
    moreFaults: (n) => `et ${n} de plus.`,
    marked: (students, mean, all) =>
      `${countInFrench(students, "étudiant", "étudiants")} : en moyenne, ${mean} étapes justes sur ${all}.`,
    hardest: (wrong, students) =>
      `Le plus souvent fausse (${wrong} sur ${countInFrench(students, "étudiant", "étudiants")}) : `,
    noneWrong: "Aucune étape n’est fausse.",
    frequent: (slip, n) => `La première erreur la plus fréquente qui a un nom (${n}×) : ${slip}`,
    stepColumns: ["Étape", "Juste", "Fausse", "Pas un nombre", "Sans réponse"],
    studentColumns: ["Nom", "Numéro", "Juste", "Première étape fausse", "Erreur"],
    states: {
      right: "juste",
      follows: "suit de ce qui a été écrit avant",
      few_digits: "juste, trop peu de chiffres",
      wrong: "faux",
      empty: "sans réponse",
      unread: "n’est pas un nombre",
    },
    saveMarks: "Enregistrer la correction en CSV",
    marksFile: "correction",
  },
  node: {
    node: "Nœud",
    label:
      "Les opérations du nœud : chaque case a une valeur, et en dessous la dérivée de E par rapport à elle.",
    on: "valeurs, vers l’avant",
    back: "gradients, vers l’arrière",
    forwards: {
      given: () => "Les poids du nœud, ce qui arrive par eux, et son biais sont donnés.",
      product: () => "Chaque poids est multiplié par ce qui arrive par lui.",
      sum: () => "Les produits sont additionnés.",
      threshold: () => "Le biais est ajouté.",
      output: (isHidden) =>
        isHidden
          ? "La fonction d’activation en fait la sortie du nœud."
          : "La sigmoïde en fait la prédiction.",
      cost: (isHidden, isJoined) =>
        isHidden
          ? "Les nœuds au-dessus mènent de cette sortie au coût E de la ligne."
          : isJoined
            ? "La prédiction et le coût E sont ici une seule opération, car la dérivée est alors simple."
            : "Le coût E dit à quelle distance de la classe est la prédiction.",
    },
    backwards: {
      cost: () => "Retour depuis le coût : la dérivée de E par rapport à lui-même est 1.",
      output: (isHidden) =>
        isHidden
          ? "La sortie atteint E à travers tous les nœuds au-dessus : leurs erreurs, fois les poids vers eux, s’additionnent."
          : "La dérivée locale du coût est l’écart de la prédiction à la cible.",
      threshold: (isHidden, isJoined) =>
        isJoined
          ? "La pente de la sortie se simplifie avec un facteur du coût : ce qui reste est l’erreur du nœud."
          : "La dérivée locale est la pente de la fonction d’activation. Le produit est l’erreur du nœud.",
      sum: () => "Une somme transmet le gradient tel quel : sa dérivée locale est 1.",
      product: () => "Chaque produit reçoit tel quel le gradient de la somme.",
      given: () =>
        "Un produit transmet le gradient à chaque facteur, fois l’autre facteur. La mise à jour utilise les " +
        "gradients des poids et du biais. Une entrée qui mène aussi à d’autres nœuds additionne ce qui revient " +
        "de chacun.",
    },
    note:
      "Les nombres viennent de la première mise à jour de l’entraînement pour cette ligne : dans chaque case la valeur, et en dessous, " +
      "en rouge, la dérivée de E par rapport à elle. Chaque opération ne connaît que sa dérivée " +
      "locale ; ce qui arrive de la droite, fois celle-ci, est son gradient. Avancez avec les boutons " +
      "ou les flèches. Au-delà de quatre entrées, celles dont les produits sont les plus grands sont dessinées.",
  },
  walk: {
    plane: "Plan",
    planes: {
      training: "par le départ et l’arrivée",
      weights: "de deux poids",
    },
    weights: ["En largeur", "En hauteur"],
    home: "Départ de l’étude",
    map: "Le coût sur le plan",
    surface: "Le même, en surface",
    table: "Où mènent d’autres taux",
    mapLabel:
      "Carte du coût. Les flèches déplacent le départ de la marche ; la phrase ci-dessus dit où elle mène.",
    surfaceLabel: "Le coût comme une surface, avec la marche dessus.",
    wait: "Le coût est en cours de calcul.",
    marks: { start: "départ", end: "entraîné" },
    directions: ["du départ à la fin de l’entraînement", "une direction aléatoire à angle droit"],
    randomDirections: ["une direction aléatoire", "une autre à angle droit"],
    note:
      "Sur la carte, plus le gris est fort, plus le coût est élevé, et des lignes joignent les points de même coût ; la " +
      "croix est là où l’entraînement de l’étude finit. Faites glisser le départ, ou déplacez-le avec les flèches. La marche reste dans le " +
      "plan : chaque pas prend le vrai gradient de toutes ces lignes, et suit sa partie le long des deux " +
      "directions. Un pas est donc une mise à jour avec toutes les lignes, et une époque de l’étude en a beaucoup.",
    others: "Tous les autres poids sont ceux d’après l’entraînement.",
    othersBefore: "Tous les autres poids sont ceux d’avant l’entraînement.",
    rows: (n, all) =>
      `Le coût porte sur ${n} des ${countInFrench(all, "ligne", "lignes")} d’entraînement, ${n === 1 ? "tirée" : "tirées"} au hasard.`,
    decay: "Le coût comprend la décroissance des poids.",
    noEnd:
      "Cet entraînement ne mène nulle part : aucun poids ne bouge, ou ils croissent sans fin. Il n’y a donc pas de croix.",
    said: (place, first, last, steps, regime) =>
      `Depuis (${place}), ${steps} pas ${steps < 2 ? "mène" : "mènent"} le coût de ${first} à ${last} : ${regime}.`,
    noNumber: "aucun nombre",
    regimes: {
      creeping: "lenteur",
      converging: "convergence",
      oscillating: "oscillation",
      diverging: "divergence",
    },
    cell: (regime, cost) => `${regime}, le coût se termine à ${cost}`,
    regime: (steps, rise, fall) =>
      `Dans le tableau, il y a, pour ${steps} pas depuis le départ, divergence si le coût finit plus haut qu’il n’a commencé ; ` +
      `sinon oscillation si ses hausses font en tout plus de ${100 * rise}% de la baisse possible, du ` +
      `premier coût au plus bas de la carte ; sinon lenteur s’il baisse de moins de ${100 * fall}% de celle-ci ; sinon ` +
      "convergence. Un clic sur une case prend ses valeurs.",
  },
  path: {
    name: "Parcours guidé",
    invitation:
      "Quatorze questions mènent du perceptron à ce que cette étude peut dire. Prédisez, lancez, voyez. Ou suivez " +
      "votre propre chemin ci-dessous.",
    begin: "Suivre le parcours guidé",
    goOn: (n) => `Reprendre le parcours, à la question ${n}`,
    place: (n, all) => `Question ${n} sur ${all}`,
    back: "Retour",
    next: "Suivant",
    leave: "Quitter le parcours",
    predict: "Qu’attendez-vous ?",
    play: "Montrez-moi",
    wait: "L’entraînement est en cours, ci-dessous.",
    progress: (done, all) =>
      `${countInFrench(all, "découpage", "découpages")} : ${countInFrench(done, "entraîné", "entraînés")}.`,
    between: ", ",
    asExpected: "Comme vous l’attendiez.",
    unexpected: (right) => `Non pas comme vous l’attendiez ; c’est : « ${right} ».`,
    or: " » ou « ",
    none: "Aucune de ces réponses n’est juste.",
    open: "On ne peut pas en juger ici.",
    wrong: "Non pas comme vous l’attendiez.",
    toSummary: "Bilan",
    summary: "Ce que vous avez découvert",
    counts: (right, judged, all) =>
      `${countInFrench(right, "prédiction juste", "prédictions justes")} sur ${judged}, pour ${countInFrench(all, "question", "questions")}.`,
    predicted: (option) => `Vous attendiez : « ${option} ».`,
    noPrediction: "Vous n’avez rien prédit.",
    notShown: "La réponse n’a pas été affichée.",
    questions: {
      xor: {
        title:
          "XOR (x1 ou x2, pas les deux) : que ne peut pas faire un réseau sans couche cachée ?",
        options: [
          "Seul le réseau sans couche cachée le résout",
          "Les deux le résolvent",
          "Seul celui qui a 4 nœuds cachés le résout",
          "Aucun des deux ne le résout",
        ],
        found: (f) =>
          `Sans couche cachée, la frontière est une seule droite. Celle qui est entraînée classe bien ${f.line} points sur ${f.all} ; la meilleure de toutes les droites, ${f.best}. ` +
          `Avec 4 nœuds cachés, ${countInFrench(f.hidden, "point", "points")} sur ${f.all} ${f.hidden < 2 ? "est bien classé" : "sont bien classés"}` +
          (f.hidden === f.all
            ? ""
            : ` après ${epochsInFrench(f.epochs)}, ce qui ne suffit pas ici`) +
          " : chaque nœud trace sa propre droite, et la sortie les combine. " +
          `L’exactitude de test ci-dessous ne compte que les points de test (${f.tests}). ` +
          "C’est ce qui arrêta le perceptron en 1969 (Minsky et Papert) ; la rétropropagation (Werbos) entraîne les nœuds cachés.",
      },
      sample: {
        title: "Que change un seul exemple ?",
        options: [
          "Les poids d’un seul nœud",
          "Les poids de la couche de sortie",
          "Tous les poids et tous les biais",
        ],
        found: (f, n) =>
          `${countInFrench(f.changed, "nombre", "nombres")} sur ${f.all} ${f.changed < 2 ? "change" : "changent"}, chacun selon son propre ${f.descends ? "gradient fois η" : "pas"}` +
          (f.hasEdges
            ? " ; parmi les poids, ceux des arêtes les plus larges changent le plus. "
            : ". ") +
          (f.changed < f.all
            ? "Le gradient des autres est ici 0, ou trop petit pour compter : ce qui vient d’en dessous est 0, ou l’erreur au-dessus. "
            : "") +
          `Pour la ligne ${f.row}, le coût passe de ${n.fine(f.cost[0])} à ${n.fine(f.cost[1])}` +
          (f.cost[1] > f.cost[0] ? ", en hausse : ce pas est trop long. " : ". ") +
          `Dans un entraînement ligne par ligne, c’est un pas parmi ${f.steps} au plus.`,
      },
      flow: {
        title: "Dans quel sens vont les erreurs, et gardent-elles leur taille ?",
        options: [
          "En arrière depuis la sortie, et le plus souvent elles croissent",
          "En arrière depuis la sortie, et elles gardent à peu près leur taille",
          "En arrière depuis la sortie, et le plus souvent elles diminuent",
        ],
        found: (f, n) =>
          `Pour la ligne ${f.row}, la moyenne de |error| est, en arrière depuis la couche de sortie : ${n.list(f.sizes)}. ` +
          `${["Le plus souvent elle croît", "En tout elle change peu", "Le plus souvent elle diminue"][f.right]}, de ${n.short(f.sizes[0])} à ${n.short(f.sizes[f.sizes.length - 1])}` +
          f.against
            .map(
              (/** @type {[number, number]} */ [from, to]) =>
                ` ; mais de ${n.short(from)} à ${n.short(to)} elle ${to > from ? "croît" : "diminue"}`,
            )
            .join("") +
          ". " +
          `À chaque pas en arrière, elle est multipliée par des poids et par les pentes des nœuds cachés, qui sont en moyenne, la dernière couche d’abord, ${n.list(f.slopes)}. ` +
          SLOPES_IN_FRENCH[f.activation](f),
      },
      deep: {
        title: "Dans un réseau profond, quelle couche apprend le plus lentement ?",
        options: ["La première, près des entrées", "Une couche du milieu", "La couche de sortie"],
        found: (f, n) =>
          f.ends[0] === "diverged"
            ? `Le réseau profond diverge en ${epochsInFrench(f.epochs)} : ses poids croissent sans fin, donc ses erreurs ne disent rien.`
            : `Moyenne de |error| pendant l’entraînement, de la première couche à la sortie : ${n.list(f.strengths)}. Voyez « Comment les couches apprennent » : l’erreur d’une couche est celle de la suivante, fois des poids et des pentes. ` +
              (f.isAdam
                ? "Mais avec Adam, un pas est à peu près aussi long pour une petite erreur que pour une grande : quelle couche apprend le plus lentement ne découle pas des erreurs. "
                : f.right.length > 1
                  ? "Les plus petites diffèrent de moins d’un facteur 2, et leur ordre peut être autre sur un autre pli : plus d’une réponse est donc acceptée. "
                  : "") +
              (f.ends[0] === "unlearned"
                ? `Après ${epochsInFrench(f.epochs)}, le réseau profond prédit encore une seule classe pour toutes les lignes d’entraînement. Des poids initiaux qui gardent les sommes près de 0 (Glorot) et des activations aux pentes plus grandes (tanh, ReLU) aident souvent : essayez-les sous « Vos propres valeurs ».`
                : `Son exactitude de test est ${n.percent(f.accuracies[0])}` +
                  (f.ends[1] === "diverged"
                    ? "."
                    : `, celle de la référence ${n.percent(f.accuracies[1])}.`)),
      },
      wide: {
        title:
          "Un réseau large attend-il ? Quand son coût est-il à mi-chemin de sa valeur la plus basse ?",
        options: [
          "Avant l’époque 10",
          "De l’époque 10 à 99",
          "Plus tard",
          "Pas dans cet entraînement",
        ],
        found: (f, n) =>
          `Avec ${nodesInFrench(f.nodes[0])}, ${waitInFrench(f, 0)} ; avec ${nodesInFrench(f.nodes[1])}, ${f.half.includes(null) ? waitInFrench(f, 1) : `à l’époque ${f.half[1]}`}. ` +
          (f.learns && !f.waits ? "Ici, il n’attend pas. " : "") +
          (f.hasSlope && f.isFlatter
            ? (f.isFlat && f.grows
                ? "Les poids partent entre 0 et 1 : la somme à la sortie croît donc avec le nombre de nœuds, et la sature. "
                : "") +
              `Au départ, la sortie moyenne est ${f.starts[0].output.toFixed(6)} avec ${nodesInFrench(f.nodes[0])} et ${n.short(f.starts[1].output)} avec ${f.nodes[1]} ; la pente ŷ(1 − ŷ) est donc en moyenne ${n.short(f.starts[0].slope)} et ${n.short(f.starts[1].slope)} : l’erreur est multipliée par elle` +
              (f.isFlat
                ? ", et presque rien n’en revient. Avec l’entropie croisée, cette pente se simplifie, et l’erreur revient en entier."
                : ", et une bonne partie en revient dans les deux.")
            : f.hasSlope
              ? "Au départ, la sortie du réseau large n’est pas plus plate que celle de l’autre : les erreurs reviennent aussi bien."
              : "Le coût de cette étude ne multiplie pas l’erreur par la pente de la sortie."),
      },
      rate: {
        title: "Que se passe-t-il avec un taux d’apprentissage dix fois plus grand ?",
        options: [
          "Il apprend plus vite, et est meilleur sur les lignes de test",
          "Il apprend plus vite, mais n’est pas meilleur sur les lignes de test",
          "Il diverge",
          "Il finit avec un coût d’entraînement plus élevé",
        ],
        found: (f, n) =>
          f.diverged[0]
            ? `Avec η = ${f.rates[0]}, les poids croissent sans fin. Avec η = ${f.rates[1]}, ` +
              (f.diverged[1] ? "eux aussi." : `le coût se termine à ${n.short(f.train[1])}.`)
            : `Avec η = ${f.rates[0]}, le coût d’entraînement après la dernière mise à jour est ${n.short(f.train[0])}, le coût de test ${n.short(f.test[0])}. ` +
              (f.diverged[1]
                ? `Avec η = ${f.rates[1]}, les poids croissent sans fin. `
                : `Avec η = ${f.rates[1]} : ${n.short(f.train[1])} et ${n.short(f.test[1])}. `) +
              (f.isSame
                ? "Les coûts d’entraînement sont donc à peu près égaux : ils diffèrent d’un pour cent au plus."
                : f.faster
                  ? "Le grand taux ajuste mieux ici les lignes d’entraînement. " +
                    (f.isChance
                      ? `Sur ${testRowsInFrench(f.tests)}, la différence des coûts de test peut être due au hasard : les deux premières réponses sont donc acceptées.`
                      : f.right.includes(1)
                        ? "Ce qu’il ajuste en plus est sans doute leur part de hasard, car le coût de test est plus élevé : voyez la courbe continue. C’est le surapprentissage."
                        : "Les lignes de test aussi : voyez la courbe continue.")
                  : "Ce taux est trop grand ici : ses pas sont si longs qu’ils sautent par-dessus l’endroit où le coût est le plus bas."),
      },
      symmetry: {
        title: "Si tous les poids partent égaux, que peuvent apprendre les nœuds cachés ?",
        options: [
          "Autant qu’à partir de poids aléatoires",
          "Pas plus que ne le pourrait un seul nœud par couche",
          "Rien : aucun poids ne change",
        ],
        found: (f, n) =>
          f.isOpen
            ? "À partir de poids égaux, les poids croissent ici sans fin."
            : (f.isStill
                ? "Aucun poids n’a changé : tous les pas sont ici 0, ou trop petits pour compter. "
                : f.right.includes(1)
                  ? `Après l’entraînement, tous les nœuds d’une couche cachée (${n.list(f.hidden)}) ont encore les mêmes poids : des nœuds égaux reçoivent des erreurs égales, donc chaque mise à jour les garde égaux. Une couche fait alors ce qu’un seul nœud pourrait faire. `
                  : `Les nœuds sont devenus différents : sur ${n.list(f.hidden)}, ${n.list(f.nodes)} diffèrent. `) +
              `Le coût d’entraînement ${costInFrench(f, n, 0)} à partir de poids égaux ; dans la référence, il ${costInFrench(f, n, 1)} ; l’exactitude de test est ${n.percent(f.accuracies[0])} et ${n.percent(f.accuracies[1])}. ` +
              (f.isAlone
                ? "La référence n’a pas deux nœuds dans une même couche : elle n’a donc aucune symétrie à briser."
                : f.diverged[1]
                  ? ""
                  : f.isWorse
                    ? "Des poids initiaux aléatoires brisent cette symétrie, et ici le coût d’entraînement en est plus bas."
                    : "Des poids initiaux aléatoires brisent cette symétrie, mais les lignes d’entraînement n’en ont pas besoin ici."),
      },
      batch: {
        title:
          "Que change une autre taille de mini-lot, à un taux d’apprentissage qui lui convient ?",
        options: [
          "Le coût d’entraînement finit plus bas",
          "Le coût d’entraînement finit à peu près au même niveau",
          "Le coût d’entraînement finit plus haut",
          "Il diverge",
        ],
        found: (f, n) =>
          `Avec des mini-lots de ${f.sizes[0]} et η = ${f.rates[0]}, une époque a ${updatesInFrench(f.updates[0])} ; avec des mini-lots de ${f.sizes[1]} et η = ${f.rates[1]}, elle en a ${f.updates[1]}. ` +
          (f.isAdam
            ? "Le taux est le même, car un pas d’Adam est à peu près aussi long pour chaque mini-lot. "
            : "Le taux croît avec le mini-lot : une mise à jour d’un mini-lot remplace autant de mises à jour de lignes isolées. ") +
          `Le coût d’entraînement du premier cas ${costInFrench(f, n, 0)}, celui du second ${costInFrench(f, n, 1)}. ` +
          (f.diverged.includes(true)
            ? "Un des taux est trop grand ici."
            : f.isSame
              ? "Ils diffèrent d’un dixième au plus : les mises à jour d’une époque, nombreuses ou non, vont à peu près aussi loin."
              : f.isLarger
                ? "Les plus grands mini-lots finissent ici plus bas."
                : f.isAdam
                  ? "Les plus grands mini-lots finissent ici plus haut : moins de pas de la même longueur vont moins loin."
                  : "Les plus grands mini-lots finissent ici plus haut : peu de longs pas ne vont pas aussi loin que beaucoup de petits."),
      },
      momentum: {
        title: "Le momentum, avec son taux habituel, plus petit : jusqu’où va-t-il ?",
        options: [
          "Moins loin que la descente de gradient, car son taux est plus petit",
          "À peu près aussi loin que la descente de gradient",
          "Plus loin que la descente de gradient",
        ],
        found: (f, n) =>
          `Avec le momentum μ = ${f.mu} et η = ${f.rates[0]}, le coût d’entraînement ${costInFrench(f, n, 0)} ; avec la descente de gradient et η = ${f.rates[1]}, il ${costInFrench(f, n, 1)}. ` +
          `Le pas est η u, et u additionne les gradients : tant qu’ils s’accordent, il croît vers 1/(1 − μ) = ${f.sum} fois l’un d’eux. Un taux ${f.sum} fois plus petit devrait donc aller à peu près aussi loin ; les pas en zigzag s’annulent. ` +
          (f.isOpen
            ? "Cela ne peut pas se voir là où les poids croissent sans fin."
            : f.isSame
              ? "C’est le cas ici : les coûts diffèrent d’un dixième au plus."
              : f.right.includes(2)
                ? "Ici, il va plus loin."
                : "Ici, ce n’est pas le cas."),
      },
      adam: {
        title:
          "À un taux habituel, Adam fait-il la moitié du chemin plus tôt que la descente de gradient ?",
        options: ["Plus tôt", "Plus tard", "À peu près au même moment"],
        found: (f, n) =>
          (f.diverged.includes(true)
            ? "Dans l’un des deux, les poids croissent sans fin. "
            : f.epochs
                .map(
                  (/** @type {number | null} */ epoch, /** @type {number} */ k) =>
                    `${["Avec Adam", "avec la descente de gradient"][k]} et η = ${f.rates[k]}, le coût d’entraînement ` +
                    (epoch === null
                      ? `n’arrive pas à mi-chemin de la plus basse valeur des deux en ${epochsInFrench(f.last[k])}`
                      : `est à mi-chemin de la plus basse valeur des deux à l’époque ${epoch}`),
                )
                .join(" ; ") + ". ") +
          `La première mise à jour déplace un poids ou un biais de ${n.short(f.steps[0])} en moyenne avec Adam, et de ${n.short(f.steps[1])} avec la descente de gradient : ` +
          (f.isWhole
            ? "un pas d’Adam a une longueur d’environ η pour chaque poids, que son gradient soit grand ou petit : un même taux convient donc à toutes les couches. "
            : "un pas d’Adam a une longueur d’environ η pour un poids, mais ici beaucoup de gradients sont 0, ou petits à côté de ε. ") +
          (f.isOpen
            ? ""
            : f.right.includes(2)
              ? "Les deux époques diffèrent de moins d’un facteur 2."
              : f.steps[0] > f.steps[1] === f.right.includes(0)
                ? "Le premier pas le plus long va ici de pair avec le chemin le plus court."
                : "La longueur du premier pas ne décide pas ici : les pas suivants changent."),
      },
      decay: {
        title: "Que fait la décroissance des poids aux poids, et aux lignes de test ?",
        options: [
          "Les poids finissent plus petits, et le coût de test est plus bas",
          "Les poids finissent plus petits, et le coût de test n’est pas plus bas",
          "Les poids ne finissent pas plus petits",
        ],
        found: (f, n) =>
          f.isOpen
            ? "Dans l’un des deux, les poids croissent sans fin."
            : `Avec une décroissance des poids de ${f.decays[0]}, les poids finissent avec une moyenne quadratique de ${n.short(f.sizes[0])} ; avec ${f.decays[1]}, de ${n.short(f.sizes[1])}. ` +
              (f.isSmaller
                ? "La décroissance ajoute une part de chaque poids à son gradient, et le tire ainsi vers 0. "
                : "La décroissance tire les poids vers 0, mais ici ils n’en finissent pas plus près. ") +
              `Coût d’entraînement : ${n.short(f.train[0])} et ${n.short(f.train[1])}` +
              (f.isWorse
                ? " ; la décroissance nuit donc un peu à l’ajustement. "
                : " ; la décroissance ne nuit donc guère à l’ajustement. ") +
              `Coût de test : ${n.fine(f.test[0])} et ${n.fine(f.test[1])}. ` +
              (f.isSmaller && f.isChance
                ? `Sur ${testRowsInFrench(f.tests)}, cette différence peut être due au hasard : les deux premières réponses sont donc acceptées.`
                : ""),
      },
      stop: {
        title: "La dernière époque est-elle la meilleure pour les lignes de test ?",
        options: [
          "Oui : le coût de test est le plus bas à la fin, ou aussi bas",
          "Non : il était plus bas avant, et a remonté",
          "Non : il était le plus bas avant la première époque",
        ],
        found: (f, n) =>
          f.isOpen
            ? "Cet entraînement diverge : sa fin n’est donc pas une fin à laquelle comparer."
            : `Le coût de test est ${n.short(f.test[0])} après l’époque ${f.epochs[0]}, sa valeur la plus basse${f.every > 1 ? ` (une époque sur ${f.every})` : ""}, et ${n.short(f.test[1])} après la dernière, ${f.epochs[1]} ; l’exactitude de test est ${n.percent(f.accuracies[0])} et ${n.percent(f.accuracies[1])}. ` +
              (f.isEnd
                ? "On ne gagne donc rien à s’arrêter plus tôt ici. "
                : f.isChance
                  ? `Sur ${testRowsInFrench(f.tests)}, cette hausse peut être due au hasard : la première réponse est donc acceptée aussi. `
                  : "L’arrêt précoce garderait les poids du coût le plus bas. ") +
              "Mais une époque choisie par des lignes de test n’est pas testée par elles : l’arrêt précoce met à part des lignes d’entraînement, et s’arrête quand leur coût monte. " +
              (f.patience === null
                ? "Cette étude n’en choisit aucune : elle entraîne pendant toutes les époques."
                : `Cette étude choisit par les seules lignes d’entraînement : elle s’arrête après ${epochsInFrench(f.patience)} sans progrès de leur coût.`),
      },
      mistake: {
        title: "Si les biais ne sont jamais mis à jour, l’exactitude le montre-t-elle ?",
        options: [
          "Oui : elle baisse de plus de 5 points",
          "Non : elle change de 5 points au plus",
          "Elle s’améliore de plus de 5 points",
        ],
        found: (f, n) =>
          `Exactitude de test : ${n.percent(f.accuracies[0])} sans l’erreur, ${n.percent(f.accuracies[1])} avec elle, sur ${testRowsInFrench(f.tests)}, dont une compte pour ${n.percent(f.oneRow)}. ` +
          (f.suspect
            ? `Une vérification du gradient la trouve aussitôt : ${f.ofThreshold ? "le gradient d’un biais" : "un gradient"} est ${n.short(f.suspect.expected)} par différences finies, et ${n.short(f.suspect.own)} dans ce programme.`
            : "Une vérification du gradient ne trouve rien ici : dans la première mise à jour, les gradients des biais sont 0, ou bien plus petits que le plus grand gradient."),
      },
      line: {
        title: "Le réseau est-il ici meilleur qu’une droite, et à quel point peut-on en être sûr ?",
        options: [
          "Le réseau est meilleur",
          "La droite est meilleure",
          "Ces découpages ne permettent pas de le dire",
        ],
        found: (f, n) =>
          `Exactitude moyenne sur ${countInFrench(f.splits, "découpage", "découpages")} : ${n.percent(f.network)} pour le réseau, ${n.percent(f.line)} pour un réseau sans couche cachée, ${f.classes > 2 ? "dont la frontière entre deux classes est droite" : "dont la frontière est droite"}. Le réseau est meilleur dans ${countInFrench(f.better, "découpage", "découpages")}, moins bon dans ${f.worse}, égal dans ${f.splits - f.better - f.worse}. ` +
          "Mais les découpages partagent des lignes : les compter ne prouve donc rien. " +
          (f.interval
            ? `Un intervalle qui en tient compte dit, avec une confiance de 95% : la différence est entre ${n.short(100 * f.interval[0])} et ${n.short(100 * f.interval[1])} points` +
              `${[" ; le réseau est donc meilleur", " ; la droite est donc meilleure", " ; elle peut donc être 0, ce qui ne veut pas dire qu’elle est 0"][f.right]}. `
            : f.isOrdered
              ? "Chacun n’entraîne que sur des lignes antérieures, ce dont l’intervalle usuel ne tient pas compte. "
              : "Toutes les différences sont les mêmes : elles ne disent donc rien du hasard. ") +
          `Le rapport d’une étude compare avec la régression logistique : le même type de réseau, mais entraîné jusqu’à ce que son coût ne puisse plus baisser. Ici, il est entraîné pendant ${epochsInFrench(f.epochs)} au plus : les deux exactitudes peuvent donc différer.`,
      },
    },
  },
};
