// 页面的全部中文文字。

/** @param {any} f @param {any} n @param {number} k */
const costInChinese = (f, n, k) => (f.diverged[k] ? "无限增长" : `最后为 ${n.short(f.train[k])}`);

// 引导路径的中文文字：每个问题、可选的预测，以及用本研究的数写成的答案。

/**
 * 激活函数的斜率对误差的影响：某一层的斜率是否低于最大值的一半。
 * @type {Record<string, (f: any) => string>}
 */
const SLOPES_IN_CHINESE = {
  sigmoid: (f) => `sigmoid 的斜率最大为 1/4。${flatInChinese(f)}`,
  tanh: (f) => `tanh 的斜率最大为 1。${flatInChinese(f)}`,
  relu: (f) =>
    "总输入大于 0 时，ReLU 的斜率为 1，否则为 0：误差或者全部传过去，或者完全传不过去。" +
    (f.isStopped ? "这里有一层完全传不过去：它的总输入都小于 0。" : ""),
};

/** @param {any} f */
const flatInChinese = (f) =>
  f.isFlat
    ? "这里有一层不到它的一半，因为总输入离 0 很远：节点已饱和，输出几乎不变，误差只能传过去很少。"
    : "这里每一层都至少有它的一半：没有饱和的层。";

/** @param {any} f @param {number} k */
const waitInChinese = ({ ends, half, epochs }, k) =>
  ends[k] === "diverged"
    ? "权重无限增长"
    : ends[k] === "unlearned"
      ? `网络在 ${epochs} 轮内没有学会`
      : half[k] === null
        ? "训练代价从不下降"
        : `到第 ${half[k]} 轮，训练代价降到中点`;

/** @type {[RegExp, string][]} */
const TERMS = [
  [/no hidden layer/, "没有隐藏层"],
  [/(\d+) hidden nodes?/, "$1 个隐藏节点"],
  [/hidden layers/, "隐藏层"],
  [/learning rate/, "学习率"],
  [/batch size/, "批量大小"],
  [/weight decay/, "权重衰减"],
  [/squared error/, "平方误差"],
  [/cross entropy/, "交叉熵"],
  [/uniform/, "均匀分布"],
  [/^equal$/, "全部相等"],
  [/^gradient descent$/, "梯度下降"],
  [/momentum/, "动量法"],
  [/\bthe rest\b/, "其余"],
  [/\bnew /, "新 "],
  [/\bmean of /, "平均 "],
];

/** @type {import("./english.js").Words} */
export const CHINESE = {
  languageName: "中文",
  language: "语言",
  translated: (english) => TERMS.reduce((text, [term, own]) => text.replace(term, own), english),
  title: "观察神经网络的学习",
  introduction:
    "看神经网络怎样用反向传播算法学习：先作预测，再把误差反向传播，每个权重随之移动一小步。数据和网络都来自本研究，就在你的浏览器中训练。",
  sections: "各部分",
  openInTab: "在新标签页中打开",
  noStudy:
    "看网络怎样用反向传播学习：先预测，误差再传回来，每个权重移动一点。这是一个单独的页面；在研究的报告中，该研究的网络也在这里训练。",
  tooLarge: (rows, inputs, n) =>
    `本研究（${rows} 行 × ${inputs} 个输入 × ${n} 个配置）太大，1.5 MB 的页面放不下，因此其中的网络无法在此训练。训练结果保存在 results/ 的文件中。`,
  referenceOnly: (n) => `页面只放得下参考配置，放不下全部 ${n} 个配置。`,
  leftOut: (names) => `本页不含 ${names}：本页不支持其激活函数、代价函数、初始权重或优化器。`,
  tabs: {
    first: "试一试",
    watch: "观察",
    proof: "验证",
    update: "一次更新",
    node: "一个节点",
    walk: "行走",
    gallery: "常见错误",
    exercise: "你的练习",
    table: "你的表格",
    teach: "教学",
  },
  first: {
    introduction: (nodes) =>
      `一个 ${nodes} 个节点的网络正在这里学习区分两类。改变任何一项，它就重新开始；拖动一个点，它也跟着学。`,
    link: "你的选择记在网址中，可以作为链接发送。",
    data: { xor: "异或", spirals: "双螺旋" },
    noise: "噪声",
    nodes: "隐藏节点",
    other: "换一组初始权重",
  },
  configuration: "配置",
  reference: "参考配置",
  repeat: "重复",
  fold: "折",
  beside: "对比",
  nothing: "无",
  play: "播放",
  pause: "暂停",
  step: "训练一轮",
  restart: "重新开始",
  undo: "撤销我的改动",
  speed: "速度",
  epoch: "轮数",
  epochOf: (epoch, all) => `第 ${epoch} 轮，共 ${all} 轮`,
  empty: "点击“播放”，或拖动一个样本",
  unfold: "更多",
  listed: (parts) => parts.join("，"),
  accuracy: (share, rows) => `测试准确率 ${share}（${rows} 个样本）`,
  plane:
    "背景颜色表示网络的预测，颜色越深，把握越大。大而粗边的是测试样本，训练时不用；小的是训练样本。“重复”和“折”决定哪些样本用于测试。",
  axes: (across, up) => (up ? `横轴：${across}。纵轴：${up}。` : `横轴：${across}。`),
  boundary: (probability) => `分界线：${probability}为 0.5`,
  probabilityOf: (name) => `类别 ${name} 的概率`,
  probabilities: "各类的概率",
  planeTitle: "数据",
  networkTitle: "网络",
  costsTitle: "平均代价",
  unlikeCosts: (kinds) =>
    `两个代价不是同一种（${kinds.join("、")}），大小不能比较，所以各用自己的尺度。请比较测试准确率。`,
  strengthsTitle: "各层学习的快慢",
  network:
    "蓝色实线为正权重，红色虚线为负权重；线越粗，权重的绝对值越大。指向一个节点，可在数据图中看到它的输出。“参考配置”是本研究的主要网络，其他配置按与它的不同命名。",
  starts: {
    uniform: "初始权重和阈值是 0 到 1 之间的随机数。",
    glorot:
      "初始权重（Glorot）是 −√(6/n) 与 √(6/n) 之间的随机数，n 是权重两侧的节点总数；阈值从 0 开始。",
    equal: "所有初始权重和阈值都是 0.5。",
  },
  untuned:
    "学习率没有为每种优化器分别调整：动量法通常取梯度下降的十分之一，Adam 取 0.001 到 0.01。所以在同一学习率下比较，看不出哪种优化器更好。",
  addNote:
    "拖动一个样本，或点击空白处加入一个所选类别的训练样本：网络随即重新训练。用键盘时，方向键移动十字，回车键加入样本，空格键抓住样本。",
  addedClass: "点击加入",
  rate: "学习率 η",
  rowsAdded: (n) => `加入 ${n} 个样本`,
  rowsMoved: (n) => `移动 ${n} 个样本`,
  elsewhere:
    "各类别在这两个输入上差别最大。其他输入取中位数或最常见的类别：这里看似混在一起的，实际上可能是分开的。",
  response: "每个方块画出该节点在整个平面上的输出：白色处最小，深色处最大。",
  noResponse: (most) => `超过 ${most} 个节点的层没有方块。`,
  costs:
    "样本代价的平均值：虚线为训练样本，各取这一轮中用它更新之前的代价，与研究中相同；实线为测试样本，取一轮更新完之后的代价。你猜到第几轮，虚线会降到初始值与最低值的中点？在图中点击那一轮（或用方向键移动标记），然后播放。",
  mark: "标记这一轮",
  trainingCost: "训练（一轮之中）",
  testCost: "测试（一轮之后）",
  strengths:
    "实线：各层 |error| 的平均值，即各节点的总输入变化一点时，代价变化多少。点线：节点斜率的平均值。对数坐标；层越深，颜色越浓。每一层靠自己的误差学习，所以斜率小时，该层和它前面的各层都学得慢。",
  layer: (n) => `第 ${n} 层`,
  outputLayer: "输出层",
  guess: (epoch) => `你标记了第 ${epoch} 轮。`,
  guessed: (mark, epoch) =>
    `你标记了第 ${mark} 轮。到第 ${epoch} 轮，训练代价降到了初始值与最低值的中点。`,
  same: (p, w) =>
    `检验通过：在你的浏览器中训练出的网络与本研究保存的相同。概率最多相差 ${p}，权重最多相差 ${w}。`,
  notSame: (p, w) => `与保存的结果不同。概率最多相差 ${p}，权重最多相差 ${w}。`,
  otherEnd: (own, stored) => `与保存的结果不同。这里：${own}保存的结果：${stored}`,
  chaotic: (until, epoch, difference) =>
    `不作判断：此训练是混沌的。舍入误差随每次更新增长，大约从第 ${until} 轮开始由它决定结果，所以最后的差别不能说明程序有错。` +
    (difference === null
      ? "更早的轮次没有保存。"
      : `到第 ${epoch} 轮仍与保存的结果相同：训练代价相差 ${difference}。`),
  status: {
    epochs: (n) => `训练满 ${n} 轮。`,
    no_progress: (n) => `提前停止于第 ${n} 轮。`,
    diverged: (n) => `${n} 轮内发散，因此不比较数值。`,
    unlearned: (n) => `训练 ${n} 轮仍未学会：所有训练样本都被预测为同一类。`,
  },
  retrain: (n) => `重新进行全部 ${n} 次训练`,
  stop: "停止",
  proofIntroduction:
    "每次训练都在这里重做，并与保存的结果比较。不超过 1e-10 的差别是舍入误差。混沌的训练会把舍入误差不断放大，最后得到的是另一个网络。研究会指出从哪一轮开始：这样的训练只在远早于那一轮时比较，最后的结果不作判断。",
  progress: (done, all, time) => `${done} / ${all} 次，${time} 秒`,
  proved: (same, all, open) =>
    (same === all
      ? `完成的 ${all} 次训练全部相同。`
      : `完成的 ${all} 次训练中有 ${same} 次相同。`) +
    (open ? `${open} 次混沌的训练开始时相同，最后的结果不作判断。` : ""),
  proofColumns: [
    "配置",
    "次数",
    "相同",
    "概率的最大差别",
    "权重的最大差别",
    "平均测试准确率",
    "备注",
  ],
  remarks: {
    epochs: (n) => `${n} 次训练满`,
    no_progress: (n) => `${n} 次提前停止`,
    diverged: (n) => `${n} 次发散`,
    unlearned: (n) => `${n} 次未学会`,
    chaotic: (n) => `${n} 次混沌，不作判断`,
  },
  updateIntroduction:
    "这是训练的第一次更新，就像所选样本排在最先；开始时选的是网络预测得最差的样本。用按钮或方向键逐步查看。数值取 4 位有效数字；公式中的数取足够多的位数，用它们正好算出所示的值。",
  worstRow: "（预测最差）",
  allDigits: "显示全部数字",
  flow: "网络：沿连线流动的量",
  carries: (value) => `传递 ${value}`,
  notYet: "尚未计算",
  chooseEdge: "点击一条连线或一个节点：其梯度将按链式法则写成乘积。",
  chain: "链式法则",
  factors: {
    outputError: "输出与目标之差",
    slope: "节点的斜率 σ′",
    together: "斜率与代价合在一起",
    above: "后一层的误差乘以权重",
    below: "前一层传来的值",
    one: "阈值的输入为 1",
  },
  errorOfNode: {
    output:
      "加下划线的因子之积是该节点的误差，即 E 对该节点总输入的导数：课件中的 error（OutputLayer）。",
    hidden:
      "加下划线的因子之积是该节点的误差，即 E 对该节点总输入的导数：课件中的 error（HiddenLayer）。",
  },
  resetDrags: "撤销拖动",
  dragged: "你拖动过：这些数已不是本研究的数。",
  costChange: (before, after) => `代价：更新前 ${before}，更新后 ${after}。`,
  stage: {
    given: () => "已知的量",
    forward: (layer, all) => (layer === all ? "前向：到输出层" : `前向：到第 ${layer} 个隐藏层`),
    error: (layer, all) => (layer === all ? "输出层的误差" : `误差反向：到第 ${layer} 个隐藏层`),
    gradient: () => "梯度及其检验",
    update: () => "更新",
  },
  stageOf: (n, all, name) => `${n} / ${all}：${name}`,
  explained: {
    given: () =>
      "一个样本、它的类别，以及更新前的权重和阈值。输入已标准化：x 等于原值减去训练样本的平均值，再除以标准差。",
    forward: (isLast) =>
      isLast
        ? "输出节点把传来的值与阈值相加，再由 sigmoid（或 softmax）变成概率。连线的粗细表示权重与所传值的乘积。"
        : "每个节点把传来的值相加，加上阈值（有的书减去阈值，符号相反），再经过 σ。连线的粗细表示权重与所传值的乘积。",
    error: (isLast) =>
      isLast
        ? "节点的误差是 E 对该节点总输入（已加阈值）的导数，即 E 随它变化的快慢。误差从输出层开始：只有在那里，预测才能与真实类别比较。"
        : "误差沿同样的连线反向传播：误差乘以权重，再乘以节点的斜率。连线的粗细表示误差 × 权重，各层用同一尺度。",
    gradient: () =>
      "梯度等于连线后端节点的误差乘以前端节点的输出。检验时把每个权重改变 0.00001，看代价变化多少：这不需要任何公式。",
    update: () => "每个权重沿梯度的反方向走一步，步长是梯度的 η 倍。连线的粗细表示这一步的大小。",
  },
  widthOfStep: "连线的粗细表示这一步的大小。",
  optimiser: "优化器",
  optimisers: { sgd: "梯度下降", momentum: "动量法", adam: "Adam" },
  steps: {
    momentum:
      "动量法为每个权重记住一个数 u：u 保留上一次的大部分，再加上梯度；这一步的大小是 η u。",
    adam: "Adam 为每个权重记住两个平均值：梯度的平均 m 和梯度平方的平均 s。这一步的大小是 η(t) m / (√s + ε)，梯度小时与梯度大时相差不多；η(t) 是修正后的 η，因为 m 和 s 从 0 开始。",
  },
  why: "为什么？推导",
  derivation: {
    given: () => "看一个样本就够了：总代价是各样本代价的平均，所以它的梯度是各样本梯度的平均。",
    forward: (isLast) =>
      isLast
        ? "ŷ 在 0 与 1 之间，所以可以看作概率。代价 E 用一个数说明它离真实类别有多远。"
        : "没有 σ，两层就等于一层：加权和的加权和仍是加权和。σ 使它弯曲。斜率 σ′ 说明和变化一点时，输出变化多少。",
    error: (isLast) =>
      isLast
        ? "E 只通过 ŷ 依赖于 beta + theta，所以由链式法则，∂E/∂(beta + theta) = ∂E/∂ŷ · ∂ŷ/∂(beta + theta)。对平方误差，第一个因子是 ŷ − y。第二个是 sigmoid 的斜率：由 σ(a) = 1/(1 + e⁻ᵃ) 得 σ′(a) = e⁻ᵃ/(1 + e⁻ᵃ)² = σ(a)(1 − σ(a))，这里即 ŷ(1 − ŷ)。对交叉熵，∂E/∂ŷ = (ŷ − y)/(ŷ(1 − ŷ))：斜率约去，误差就是 ŷ − y。"
        : "b_h 通过后一层的每个节点 j 影响 E。b_h 增加一个很小的 ε，节点 j 的和就增加 w_hj ε，E 增加 error_j w_hj ε。各条路径相加：∂E/∂b_h = Σ error_j w_hj。而 b_h 随自己的和变化，变化率为 σ′。所以 error_h = σ′ · Σ error_j w_hj：一层的误差由后一层的误差得到，反向走一遍就得到全部误差。",
    gradient: () =>
      "节点 j 的和是 Σ w_hj b_h + theta_j，它对 w_hj 的导数是 b_h，对 theta_j 的导数是 1。所以 ∂E/∂w_hj = error_j b_h，∂E/∂theta_j = error_j。隐藏层之前同理，换成 v、gamma 和 x。",
    update: () =>
      "所有权重都变化一点时，E 的变化约为 Σ ∂E/∂w · Δw。取 Δw = −η ∂E/∂w，它等于 −η Σ (∂E/∂w)²，不会大于 0：只要 η 足够小，这个样本的代价就下降。拖动 η，看看能大到多少。",
  },
  separator: "；",
  afterEpoch: "已训练轮数",
  checkColumns: ["有限差分", "相差"],
  checkNote:
    "两种方法只相差 1e-10 左右。这里只比较了这个样本和这些权重；但公式若有错，很难通过这样的检验。",
  row: "样本",
  sample: (n) => `第 ${n} 行`,
  ofBatch: (m) => `一次更新用一批 ${m} 个样本，取它们梯度的平均值。这里显示其中一个样本。`,
  back: "上一步",
  next: "下一步",
  lineColumns: ["量", "公式", "代入数值", "值"],
  arithmetic: "查看",
  wholeStep: "整个步骤",
  showAll: "显示整个步骤",
  more: (n) => `显示全部 ${n} 个`,
  galleryIntroduction:
    "选一个经典错误，带着它训练。测试准确率往往几乎不变。梯度检验能发现梯度的错误，发现不了数据处理的错误，也发现不了用梯度走步时的错误：这些要看最先不同的数。",
  trainAllMistakes: "逐个带着错误训练",
  rightStep: "正确：",
  wrongStep: "有错误：",
  mistakeFormulas: {
    none: ["", ""],
    updated_weights: ["error_h = σ′ · Σ error_j w_hj", "error_h = σ′ · Σ error_j 新 w_hj"],
    no_slope: ["error_h = σ′ · Σ error_j w_hj", "error_h = Σ error_j w_hj"],
    no_thresholds: ["新 theta = theta - eta error，以及新 w_h", "新 theta = theta，以及新 w_h"],
    sum: ["新 w_h = w_h - eta · 平均 dE/dw_h", "新 w_h = w_h - eta · Σ dE/dw_h"],
    no_correction: [
      "eta(t) = eta · sqrt(1 - beta_2^t) / (1 - beta_1^t)",
      "每次更新都用 eta(t) = eta",
    ],
    same_order: ["", ""],
    all_rows: ["x 用训练样本标准化", "x 用全部样本标准化，包括测试样本"],
  },
  checkFinds: (symbol, own, right) =>
    `第一次更新时，梯度检验就能发现：按这一步，${symbol} 为 ${own}；按有限差分，为 ${right}。`,
  checkFindsNothing:
    "梯度检验发现不了这个错误：每个梯度都对，错的是用了哪些样本、样本的顺序或所走的步。应比较最先算出的数。",
  mistakeColumns: ["错误", "第一处不同", "梯度检验", "测试准确率"],
  place: (epoch, update) => `第 ${epoch} 轮第 ${update} 次更新`,
  never: "无",
  found: (isFound) => (isFound ? "能发现" : "发现不了"),
  lesson: (all, changing, same, accuracy) =>
    `${all} 个错误中有 ${changing} 个改变了训练。这 ${changing} 个中${same === changing ? "每个" : `有 ${same} 个`}的测试准确率与没有错误时一样，为 ${accuracy}。` +
    (same < changing ? "其余的差别，换一个随机种子也可能同样大。" : "") +
    "所以准确率高不能证明程序正确：要检验梯度，并比较最先算出的数。",
  mistakes: {
    none: "没有错误",
    updated_weights: "用已更新的权重计算误差",
    no_slope: "漏掉 σ′",
    no_thresholds: "不更新阈值",
    sum: "批量求和而不取平均",
    no_correction: "漏掉 Adam 的修正",
    same_order: "每轮顺序相同",
    all_rows: "标准化时用了测试样本",
  },
  noEffect: "这个错误在这里没有影响。",
  onlyBatches: "每批一个样本时，这个错误没有影响。",
  train: "带着错误训练",
  trainRight: "训练",
  firstDifference: (epoch, update, right, wrong) => [
    `第一处不同：第 ${epoch} 轮第 ${update} 次更新中，`,
    ` 应为 ${right}，却为 ${wrong}。`,
  ],
  accuracies: (right, wrong) => `测试准确率：有错误时 ${wrong}，没有错误时 ${right}。`,
  exerciseIntroduction:
    "输入一个数，例如学号。它决定初始权重和一个样本。中间结果保留 6 位有效数字，每个空格填 4 位有效数字。由舍入过的数或前面的错误正确推出的结果都算对，并指出第一处错误。",
  exerciseSymbols:
    "v_1,2 是从输入 1 到隐藏节点 2 的权重，w_2 是从隐藏节点 2 到输出的权重。阈值 gamma 和 theta 加到和 alpha、beta 上。节点的误差是 E 对该节点总输入（已加阈值）的导数。",
  marks: {
    empty: "",
    right: "✓ 正确",
    follows: "✓ 由你前面的结果推出",
    few_digits: "✓ 正确；请写 4 位有效数字",
    wrong: "✗ 不是这一步的值，也不能由你前面的数推出；请看提示",
    unread: "不是数",
  },
  firstWrong: (symbol, slip) =>
    `第一处错误是 ${symbol}` +
    (slip ? `：${CHINESE.slips[/** @type {keyof typeof CHINESE.slips} */ (slip)]}` : "。"),
  slips: {
    no_threshold: "是否漏了阈值？",
    threshold_too_early: "这里是否已加了阈值？阈值在下一步才加。",
    no_sigma: "是否漏了 σ？",
    sign_in_sigma: "应为 exp(−a)，而不是 exp(a)？",
    no_half: "是否漏了 ½？",
    no_square: "是否漏了平方？",
    no_slope: "是否漏了斜率 σ′？",
    half_slope: "斜率是 b (1 − b)，不是 b。",
    indices: "下标是否颠倒？",
    no_input: "是否漏了前一层传来的值？",
    new_weights: "是否用了已更新的权重？误差都用更新前的权重计算。",
    no_rate: "是否漏了学习率？",
    plus: "更新沿梯度的反方向：应为减号。",
    sign: "符号是否错了？",
  },
  number: "你的号码",
  notNumber: "只能用数字，最多 40 位。",
  exerciseTask: (number, row, net, eta) =>
    `练习 ${number}：对数据第 ${row} 行做一次更新，${net}，η = ${eta}。`,
  check: "检查",
  print: "打印",
  nothingTyped: "还没有填写。",
  right: (n, all) => `${all} 个中 ${n} 个正确。`,
  hint: "提示",
  teacher: (command) => `教师用的答案：${command}`,
  ownValues: "自定义取值",
  ownIntroduction: "不属于本研究，因此没有可比较的已存结果。",
  hidden: "隐藏节点，例如 10 或 4,3",
  activation: "激活函数",
  cost: "代价函数",
  learningRate: "学习率 η",
  batchSize: "批量大小",
  decay: "权重衰减",
  initialisation: "初始权重",
  seed: "种子",
  use: "使用这些值",
  notOfStudy: "不属于本研究",
  ownNote: (values) =>
    `“观察”“一次更新”“一个节点”和“行走”现在显示的网络（${values}）不属于本研究。`,
  backToStudy: "回到本研究",
  noHidden: "没有隐藏层",
  otherStudy: (name) => `这是在本页中生成的“${name}”，不属于本研究。`,
  wrongField: {
    hidden: "隐藏节点：1 到 5 个数，例如 3-3、3x3 或 3,3；最多 20,000 个权重。",
    rate: "学习率：大于 0 的数。",
    batch: "批量大小：1 以上的整数。",
    l2: "权重衰减：不小于 0 的数。",
    seed: "种子：不小于 0 的整数。",
  },
  fitOf: (name, repeat, fold) => `${name}，第 ${repeat} 次重复，第 ${fold} 折`,
  watchIt: "去观察",
  moreFits: (n) => `另有 ${n} 次`,
  aspects: {
    status: ({ status, stored }) => `状态为 ${status}，保存的为 ${stored.status}`,
    epochs: ({ epochs, stored }) => `${epochs} 轮，保存的为 ${stored.epochs} 轮`,
    weights: ({ weights }) => `权重相差 ${weights.toExponential(0)}`,
    probabilities: ({ probabilities }) => `概率相差 ${probabilities.toExponential(0)}`,
    labels: ({ labels }) => `${labels} 个测试样本的类别不同`,
    accuracy: ({ accuracies: [own, stored] }) =>
      `准确率 ${(100 * own).toFixed(1)}%，保存的为 ${(100 * stored).toFixed(1)}%`,
    beginning: () => "开头几轮就不同，那时舍入误差还不起决定作用",
  },
  tableIntroduction: (columns, rows) =>
    `选择一个 CSV 文件：须有表头，最多 ${columns} 个数值列，一列类别，最多 ${rows} 行；也可拖放到这里。文件在本页中读取和训练，不会发送到任何地方。`,
  chooseFile: "选择或拖放 CSV 文件",
  orPaste: "或粘贴表格：",
  usePasted: "使用此表",
  tableExample: "length,width,class\n5.1,3.5,setosa\n…",
  tableLimits:
    "用本研究的网络、种子和轮数训练，分为五折。输入按训练样本标准化，缺失值用平均值代替。本页不做的事：重复交叉验证、区间、与逻辑回归比较。工作流会做这些，命令如下：",
  tableRead: (name, rows, columns, label, classes) =>
    `这是你的表格“${name}”：${rows} 行，${columns} 个数值列，类别“${label}”（${classes}）。没有发送到任何地方，不属于本研究。`,
  tableLeft: (names) => `以下列不是数值，未使用：${names}。`,
  tableProblems: {
    empty: () => "文件在表头下没有数据行。",
    rows: (n) => `有类别的行有 ${n} 行；须为 10 到 2000 行。`,
    columns: (n) => `数值列有 ${n} 个；须为 1 到 10 个。`,
    label: (name) => `${name} 中没有类别。`,
    classes: (found) =>
      `列中的类别数：${found}；须为 2 到 10 类。类别列是最后一个文字列，没有文字列时为最后一列。`,
    ragged: (line) => `第 ${line} 行的单元格数与表头不同。`,
  },
  teach: {
    introduction:
      "供课堂使用：一堂 45 分钟的课、按号码生成的练习及其答案，以及全班答案的批改。全部在本页中完成，不会发送到任何地方。“打印”打印当前显示的内容。",
    views: {
      lesson: "一堂课",
      exercises: "练习",
      solutions: "答案",
      marks: "批改",
    },
    lessonTitle: "45 分钟讲反向传播",
    lessonColumns: ["分钟", "步骤", "学生", "教师讲或问", "幻灯片"],
    lesson: {
      xor: {
        does: "每人举手预测。然后训练两个网络，大家看分界线。",
        asks: "如果只画一条直线，画在哪里？为什么没有这样的直线？两条直线能做什么，由谁把它们组合起来？",
      },
      sample: {
        does: "一起按前向的顺序逐步看这次更新。每人用屏幕上的数计算第一个隐藏节点的加权和。",
        asks: "什么进入节点，什么从节点输出？为什么一个样本几乎改变所有权重？",
      },
      flow: {
        does: "在同一次更新中逐步反向进行。在显示之前，先说出链式法则的每个因子。",
        asks: "误差从哪里开始？反向传播时乘以什么？什么时候几乎不剩误差？",
      },
      exercise: {
        does: "每人用自己的号码，在本页中或在打印的练习上计算：前向传播、代价、误差。先做完的继续算梯度和更新。",
        asks: "中间结果保留 6 位有效数字。如果有错，最先错的是哪一步？先与该步的公式对照，再改别的。",
      },
      symmetry: {
        does: "先预测，再看网络从相等的权重开始训练。",
        asks: "两个节点的权重相同，它们的误差有什么不同？那么，随机的初始权重起什么作用？",
      },
      rate: {
        does: "先预测，再比较两条代价曲线。",
        asks: "哪条曲线表示网络学到了什么，哪条表示它只是记住了什么？步长什么时候太大？",
      },
      mistake: {
        does: "先预测准确率能否暴露程序的错误，再看梯度检验的结果。",
        asks: "怎样知道自己的程序是正确的？",
      },
      summary: {
        does: "每人看自己哪些预测正确，并打印小结。",
        asks: "哪个预测错了，现在你会怎样预测？课后：换一个号码，做完所有步骤。",
      },
    },
    otherQuestions: "其余的问题，可用于第二堂课或课后",
    slides: {
      history: "历史简介",
      layers: "三层前向神经网络",
      learning: "学习算法：代价函数、参数、训练集",
      outputGradients: "梯度计算：w 和 θ",
      hiddenGradients: "梯度计算：v 和 γ",
      algorithm: "反向传播算法",
      first: "练习#1：自己编码",
      second: "练习#2：不同的隐藏层、激活函数、代价函数、学习率",
    },
    betweenSlides: "；",
    noSlide: "幻灯片中没有",
    numbers: "练习的号码",
    numbersHelp: (most) =>
      `号码和范围，例如 1-30, 45；最多 ${most} 个。同一号码在这里与“你的练习”中是同一道练习。`,
    numbersProblems: {
      none: () => "没有号码；请填号码和范围，例如 1-30, 45。",
      part: (found) => `“${found}”不能用；请填最多 40 位的号码和范围，例如 1-30, 45。`,
      order: (found) => `范围“${found}”的顺序反了；请先写较小的号码。`,
      many: (found, most) => `共有 ${found} 个号码；最多 ${most} 个。`,
    },
    ownPage: "每道练习单独打印一页",
    name: "姓名",
    exercise: (number) => `练习 ${number}`,
    digits: "中间结果保留 6 位有效数字，每个空格填 4 位有效数字。",
    solutionOf: (number) => `练习 ${number} 的答案`,
    marksIntroduction:
      "选择一个或多个 CSV 文件。第一行是列名：name（姓名）、number（练习号码），以及各步骤的列，如 alpha_1 或 new w_1，写法与模板相同；步骤的列可以省略。" +
      "以下每行是一名学生：姓名、练习号码和答案；没有答案的单元格留空。批改方法与“你的练习”相同：由前面的错误正确推出的结果算对。",
    template: "保存这些号码的模板",
    templateFile: "答案",
    chooseFiles: "选择或拖放 CSV 文件",
    place: (file, line) => `${file} 第 ${line} 行：`,
    faults: {
      empty: () => "第一行以下没有内容；每名学生应占一行。",
      column: (found, allowed) => `有“${found}”列；可用的列：${allowed}。`,
      twice: (found) => `“${found}”列出现两次；只能有一列。`,
      missing: (found) => `没有“${found}”列；这一列必须有。`,
      steps: (_, allowed) => `没有步骤的列；至少需要以下列之一：${allowed}。`,
      cells: (found, allowed) => `有 ${found} 个单元格；应与第一行相同，为 ${allowed} 个。`,
      number: (found) => `号码为“${found}”；只能用数字，最多 40 位。`,
      lines: (found, allowed) => `有 ${found} 名学生；最多 ${allowed} 名。`,
    },
    moreFaults: (n) => `另有 ${n} 处。`,
    marked: (students, mean, all) => `${students} 名学生：${all} 步中平均 ${mean} 步正确。`,
    hardest: (wrong, students) => `错得最多的步骤（${students} 人中 ${wrong} 人）：`,
    noneWrong: "没有错误的步骤。",
    frequent: (slip, n) => `能判断原因的第一处错误中，最常见的是（${n} 次）：${slip}`,
    stepColumns: ["步骤", "正确", "错误", "不是数", "未答"],
    studentColumns: ["姓名", "号码", "正确", "第一处错误", "可能的原因"],
    states: {
      right: "正确",
      follows: "由前面的结果推出",
      few_digits: "正确，但位数太少",
      wrong: "错误",
      empty: "未答",
      unread: "不是数",
    },
    saveMarks: "把批改结果保存为 CSV",
    marksFile: "批改结果",
  },
  node: {
    node: "节点",
    label: "节点的各个运算：每个方框中是它的值，下面是 E 对它的导数。",
    on: "值，前向",
    back: "梯度，反向",
    forwards: {
      given: () => "已知节点的权重、沿它们传来的值，以及阈值。",
      product: () => "每个权重乘以沿它传来的值。",
      sum: () => "各个乘积相加。",
      threshold: () => "加上阈值。",
      output: (isHidden) => (isHidden ? "激活函数由它得到节点的输出。" : "sigmoid 由它得到预测。"),
      cost: (isHidden, isJoined) =>
        isHidden
          ? "后面的节点由这个输出得到该样本的代价 E。"
          : isJoined
            ? "这里把预测和代价 E 合为一个运算，因为这样导数很简单。"
            : "代价 E 说明预测离真实类别有多远。",
    },
    backwards: {
      cost: () => "从代价往回：E 对自己的导数是 1。",
      output: (isHidden) =>
        isHidden
          ? "这个输出通过后一层的所有节点影响 E：它们的误差乘以相应的权重，再相加。"
          : "代价的局部导数就是预测与目标之差。",
      threshold: (isHidden, isJoined) =>
        isJoined
          ? "输出的斜率与代价的一个因子约去：剩下的就是节点的误差。"
          : "局部导数是激活函数的斜率。乘积就是节点的误差。",
      sum: () => "加法把梯度原样传回：局部导数是 1。",
      product: () => "每个乘积原样得到和的梯度。",
      given: () =>
        "乘法把梯度传给每个因子，乘以另一个因子。更新用的是权重和阈值的梯度。一个输入若还传给别的节点，就把各处传回的梯度相加。",
    },
    note:
      "这些数属于该样本的第一次更新：方框中是值，下面红色的是 E 对它的导数。每个运算只知道自己的局部导数；右边传来的梯度乘以它，就是自己的梯度。" +
      "用按钮或方向键逐步查看。输入多于四个时，只画乘积最大的几个。",
  },
  walk: {
    plane: "平面",
    planes: { training: "过起点和终点", weights: "两个权重" },
    weights: ["横向", "纵向"],
    home: "回到研究的起点",
    map: "平面上的代价",
    surface: "画成曲面",
    table: "其他学习率会怎样",
    mapLabel: "代价的地图。方向键移动起点；上面的句子说明走到哪里。",
    surfaceLabel: "画成曲面的代价，以及走过的路。",
    wait: "正在计算代价。",
    marks: { start: "起点", end: "训练终点" },
    directions: ["从训练的起点到终点", "与之垂直的随机方向"],
    randomDirections: ["一个随机方向", "与之垂直的另一个随机方向"],
    note:
      "地图上灰色越浓，代价越高；每条线连接代价相同的点；叉号是本研究训练的终点。拖动起点，或用方向键移动。" +
      "路只在这个平面上：每一步取这些样本的真实梯度，只沿它在两个方向上的分量走。所以一步是用全部样本的一次更新，而研究中的一轮有许多次更新。",
    others: "其他权重都取训练之后的值。",
    othersBefore: "其他权重都取训练之前的值。",
    rows: (n, all) => `代价只算 ${all} 个训练样本中随机抽取的 ${n} 个。`,
    decay: "代价中包括权重衰减。",
    noEnd: "这次训练没有结果：权重没有移动，或者无限增长。所以没有叉号。",
    said: (place, first, last, steps, regime) =>
      `从（${place}）出发，${steps} 步使代价从 ${first} 变为 ${last}：${regime}。`,
    noNumber: "无法表示的数",
    regimes: {
      creeping: "爬行",
      converging: "收敛",
      oscillating: "振荡",
      diverging: "发散",
    },
    cell: (regime, cost) => `${regime}，最后的代价为 ${cost}`,
    regime: (steps, rise, fall) =>
      `表中从起点走 ${steps} 步：最后的代价高于开始时，是发散；否则，若各次上升之和超过可能降幅（从最初的代价到地图上的最低代价）的 ${100 * rise}%，是振荡；` +
      `否则，若下降不到可能降幅的 ${100 * fall}%，是爬行；其余是收敛。点击一格，就取它的值。`,
  },
  path: {
    name: "引导路径",
    invitation:
      "十四个问题，从感知器到本研究能说明什么：先预测，再播放，再看结果。也可以在下面自己探索。",
    begin: "开始引导路径",
    goOn: (n) => `从第 ${n} 个问题继续`,
    place: (n, all) => `第 ${n} 个问题，共 ${all} 个`,
    back: "上一个",
    next: "下一个",
    leave: "离开路径",
    predict: "你预计会怎样？",
    play: "演示",
    wait: "正在下面训练。",
    progress: (done, all) => `共 ${all} 次划分，已训练 ${done} 次。`,
    between: "、",
    asExpected: "与你的预计相同。",
    unexpected: (right) => `与你的预计不同，结果是：“${right}”。`,
    or: "”或“",
    none: "这几种预计都不对。",
    open: "这里无法判断。",
    wrong: "与你的预计不同。",
    toSummary: "小结",
    summary: "你的收获",
    counts: (right, judged, all) => `共 ${all} 个问题，${judged} 个预计中有 ${right} 个正确。`,
    predicted: (option) => `你的预计：“${option}”。`,
    noPrediction: "你没有预计。",
    notShown: "没有看过答案。",
    questions: {
      xor: {
        title: "异或（XOR：x1 和 x2 中恰有一个为 1）：没有隐藏层的网络做不到什么？",
        options: [
          "只有没有隐藏层的网络能解决",
          "两者都能解决",
          "只有有 4 个隐藏节点的网络能解决",
          "两者都不能解决",
        ],
        found: (f) =>
          `没有隐藏层时，分界是一条直线。全部 ${f.all} 个点中，训练所得的直线分对 ${f.line} 个，所有直线中最好的分对 ${f.best} 个。` +
          `有 4 个隐藏节点时，${f.hidden === f.all ? "" : `${f.epochs} 轮后（在这里还不够），`}全部 ${f.all} 个点中 ${f.hidden} 个正确：每个节点画一条线，输出层把它们合起来。` +
          `下面的测试准确率只算 ${f.tests} 个测试点。` +
          "1969 年，感知器就停在这里（Minsky 和 Papert）；Werbos 的反向传播算法能训练隐藏节点。",
      },
      sample: {
        title: "一个样本会改变什么？",
        options: ["一个节点的权重", "输出层的权重", "全部权重和阈值"],
        found: (f, n) =>
          `${f.all} 个数中有 ${f.changed} 个改变，各按自己的${f.descends ? "梯度乘以 η" : "步长"}` +
          (f.hasEdges ? "；权重中，连线最粗的变得最多。" : "。") +
          (f.changed < f.all
            ? "其余的数在这里梯度为 0，或小到可以忽略：前一层传来的值为 0，或后面的误差为 0。"
            : "") +
          `对第 ${f.row} 行，代价从 ${n.fine(f.cost[0])} 变为 ${n.fine(f.cost[1])}` +
          (f.cost[1] > f.cost[0] ? "，反而上升：这一步太长。" : "。") +
          `逐个样本训练时，这是最多 ${f.steps} 步中的一步。`,
      },
      flow: {
        title: "误差往哪个方向传播，大小会变吗？",
        options: [
          "从输出反向传播，大体上变大",
          "从输出反向传播，大小差不多不变",
          "从输出反向传播，大体上变小",
        ],
        found: (f, n) =>
          `对第 ${f.row} 行，从输出层往回，|error| 的平均值依次为 ${n.list(f.sizes)}。` +
          `${["大体上变大", "总的来说变化不大", "大体上变小"][f.right]}：从 ${n.short(f.sizes[0])} 到 ${n.short(f.sizes[f.sizes.length - 1])}` +
          f.against
            .map(
              (/** @type {[number, number]} */ [from, to]) =>
                `；但从 ${n.short(from)} 到 ${n.short(to)} 变${to > from ? "大" : "小"}`,
            )
            .join("") +
          "。" +
          `每往回一步都要乘以权重和隐藏节点的斜率；从最后一个隐藏层往回，斜率的平均值依次为 ${n.list(f.slopes)}。` +
          SLOPES_IN_CHINESE[f.activation](f),
      },
      deep: {
        title: "在深的网络中，哪一层学得最慢？",
        options: ["第一层，紧靠输入", "中间的一层", "输出层"],
        found: (f, n) =>
          f.ends[0] === "diverged"
            ? `深网络在 ${f.epochs} 轮内发散：权重无限增长，所以误差不能说明什么。`
            : `训练中 |error| 的平均值，从第一层到输出层：${n.list(f.strengths)}。请看“各层学习的快慢”：一层的误差是后一层的误差乘以权重和斜率。` +
              (f.isAdam
                ? "但用 Adam 时，误差小与误差大时步长差不多，所以从误差看不出哪一层学得最慢。"
                : f.right.length > 1
                  ? "最小的几个相差不到一倍，换一折，次序就可能不同：所以不止一个答案算对。"
                  : "") +
              (f.ends[0] === "unlearned"
                ? `${f.epochs} 轮后，深网络仍对全部训练样本预测同一类。使总输入接近 0 的初始权重（Glorot）和斜率较大的激活函数（tanh、ReLU）往往有用：可在“自定义取值”中试一试。`
                : `其测试准确率为 ${n.percent(f.accuracies[0])}` +
                  (f.ends[1] === "diverged"
                    ? "。"
                    : `，参考配置为 ${n.percent(f.accuracies[1])}。`)),
      },
      wide: {
        title: "宽网络要等吗？到第几轮，它的代价才降到初始值与最低值的中点？",
        options: ["第 10 轮之前", "第 10 到 99 轮", "更晚", "本次训练中不会"],
        found: (f, n) =>
          `有 ${f.nodes[0]} 个节点时，${waitInChinese(f, 0)}；有 ${f.nodes[1]} 个节点时，${f.half.includes(null) ? waitInChinese(f, 1) : `到第 ${f.half[1]} 轮`}。` +
          (f.learns && !f.waits ? "这里它不用等。" : "") +
          (f.hasSlope && f.isFlatter
            ? (f.isFlat && f.grows
                ? "权重从 0 到 1 之间开始，所以节点越多，输出层的总输入越大，输出越饱和。"
                : "") +
              `开始时，平均输出分别为 ${f.starts[0].output.toFixed(6)} 和 ${n.short(f.starts[1].output)}，所以斜率 ŷ(1 − ŷ) 平均为 ${n.short(f.starts[0].slope)} 和 ${n.short(f.starts[1].slope)}：误差要乘以它，` +
              (f.isFlat
                ? "几乎传不回去。用交叉熵时，这个斜率被消去，误差全部传回去。"
                : "两者都有相当一部分传回去。")
            : f.hasSlope
              ? "开始时，宽网络的输出并不比另一个更平，误差同样传得回去。"
              : "这里的代价函数使误差不乘以输出层的斜率。"),
      },
      rate: {
        title: "学习率增大到十倍会怎样？",
        options: [
          "学得更快，测试样本上也更好",
          "学得更快，但测试样本上并不更好",
          "发散",
          "最后的训练代价更高",
        ],
        found: (f, n) =>
          f.diverged[0]
            ? `η = ${f.rates[0]} 时，权重无限增长。η = ${f.rates[1]} 时，` +
              (f.diverged[1] ? "也是这样。" : `最后的代价为 ${n.short(f.train[1])}。`)
            : `η = ${f.rates[0]} 时，最后一次更新后的训练代价为 ${n.short(f.train[0])}，测试代价为 ${n.short(f.test[0])}。` +
              (f.diverged[1]
                ? `η = ${f.rates[1]} 时，权重无限增长。`
                : `η = ${f.rates[1]} 时，分别为 ${n.short(f.train[1])} 和 ${n.short(f.test[1])}。`) +
              (f.isSame
                ? "所以训练代价差不多相同：相差不超过百分之一。"
                : f.faster
                  ? "这里学习率大，训练样本拟合得更好。" +
                    (f.isChance
                      ? `在 ${f.tests} 个测试样本上，测试代价之差可能出于偶然：所以前两个答案都算对。`
                      : f.right.includes(1)
                        ? "多拟合的大概只是其中的偶然，因为测试代价更高：请看实线。这叫过拟合。"
                        : "测试样本也是：请看实线。")
                  : "这里学习率太大：步子太长，跳过了代价最低的地方。"),
      },
      symmetry: {
        title: "如果所有权重开始时都相等，隐藏节点能学到什么？",
        options: [
          "与随机初始权重学到的一样多",
          "不比每层只有一个节点时多",
          "什么都学不到：权重不变",
        ],
        found: (f, n) =>
          f.isOpen
            ? "从相等的权重出发，这里权重无限增长。"
            : (f.isStill
                ? "权重没有变化：这里每一步都是 0，或小得不起作用。"
                : f.right.includes(1)
                  ? `训练之后，每个隐藏层的所有节点（${n.list(f.hidden)} 个）权重仍然相同：相同的节点得到相同的误差，所以每次更新后仍相同。这样一层只相当于一个节点。`
                  : `节点变得不同了：${n.list(f.hidden)} 个中有 ${n.list(f.nodes)} 个不同。`) +
              `训练代价：从相等的权重出发${costInChinese(f, n, 0)}，参考配置${costInChinese(f, n, 1)}；测试准确率为 ${n.percent(f.accuracies[0])} 和 ${n.percent(f.accuracies[1])}。` +
              (f.isAlone
                ? "参考配置的每层没有两个节点，所以没有对称性要打破。"
                : f.diverged[1]
                  ? ""
                  : f.isWorse
                    ? "随机的初始权重打破这种对称性，在这里训练代价因此更低。"
                    : "随机的初始权重打破这种对称性，但这里的训练样本不需要这样。"),
      },
      batch: {
        title: "换一个批量大小，并用与之相配的学习率，会怎样？",
        options: ["最后的训练代价更低", "最后的训练代价差不多", "最后的训练代价更高", "发散"],
        found: (f, n) =>
          `每批 ${f.sizes[0]} 个样本、η = ${f.rates[0]} 时，一轮有 ${f.updates[0]} 次更新；每批 ${f.sizes[1]} 个、η = ${f.rates[1]} 时，有 ${f.updates[1]} 次。` +
          (f.isAdam
            ? "学习率不变，因为 Adam 的步长对各种批量都差不多。"
            : "学习率与批量成正比：一批的一次更新，代替同样多次单个样本的更新。") +
          `训练代价：前者${costInChinese(f, n, 0)}，后者${costInChinese(f, n, 1)}。` +
          (f.diverged.includes(true)
            ? "这里有一个学习率太大。"
            : f.isSame
              ? "两者相差不超过十分之一：一轮的更新不论多少，走得差不多远。"
              : f.isLarger
                ? "这里批量大的最后代价更低。"
                : f.isAdam
                  ? "这里批量大的最后代价更高：步长相同而步数更少，走得不如多步远。"
                  : "这里批量大的最后代价更高：少数几个大步不如许多小步走得远。"),
      },
      momentum: {
        title: "动量法，用通常较小的学习率：能走多远？",
        options: ["学习率更小，所以不如梯度下降远", "与梯度下降差不多远", "比梯度下降更远"],
        found: (f, n) =>
          `动量 μ = ${f.mu}、η = ${f.rates[0]} 时，训练代价${costInChinese(f, n, 0)}；梯度下降、η = ${f.rates[1]} 时，${costInChinese(f, n, 1)}。` +
          `每步为 η u，u 把梯度累加起来：只要它们方向一致，u 就趋于一个梯度的 1/(1 − μ) = ${f.sum} 倍。所以学习率小到 ${f.sum} 分之一，应该走得差不多远；来回摆动的步子则互相抵消。` +
          (f.isOpen
            ? "权重无限增长时，看不出这一点。"
            : f.isSame
              ? "这里正是这样：两个代价相差不超过十分之一。"
              : f.right.includes(2)
                ? "这里它走得更远。"
                : "这里没有那么远。"),
      },
      adam: {
        title: "Adam，用通常的学习率：与梯度下降相比，何时走完一半？",
        options: ["更早", "更晚", "差不多同时"],
        found: (f, n) =>
          (f.diverged.includes(true)
            ? "两者之一的权重无限增长。"
            : f.epochs
                .map(
                  (/** @type {number | null} */ epoch, /** @type {number} */ k) =>
                    `${["Adam", "梯度下降"][k]}、η = ${f.rates[k]} 时，训练代价` +
                    (epoch === null
                      ? `在 ${f.last[k]} 轮内没有降到起点与两者最低值的中点`
                      : `到第 ${epoch} 轮降到起点与两者最低值的中点`),
                )
                .join("；") + "。") +
          `第一次更新使一个权重或阈值平均改变：Adam 为 ${n.short(f.steps[0])}，梯度下降为 ${n.short(f.steps[1])}：` +
          (f.isWhole
            ? "不论梯度大小，Adam 对每个权重的步长都约为 η，所以一个学习率适合各层。"
            : "Adam 对一个权重的步长约为 η，但这里许多梯度是 0，或比 ε 小。") +
          (f.isOpen
            ? ""
            : f.right.includes(2)
              ? "两个轮数相差不到 2 倍。"
              : f.steps[0] > f.steps[1] === f.right.includes(0)
                ? "在这里，第一步较长的走得较快。"
                : "在这里，第一步的长短不起决定作用：后面的步长会变。"),
      },
      decay: {
        title: "权重衰减对权重和测试样本有什么影响？",
        options: [
          "最后的权重更小，测试代价更低",
          "最后的权重更小，测试代价并不更低",
          "最后的权重并不更小",
        ],
        found: (f, n) =>
          f.isOpen
            ? "两者之一的权重无限增长。"
            : `权重衰减为 ${f.decays[0]} 时，最后权重的均方根为 ${n.short(f.sizes[0])}；为 ${f.decays[1]} 时，是 ${n.short(f.sizes[1])}。` +
              (f.isSmaller
                ? "衰减把每个权重的一部分加到它的梯度上，从而把权重拉向 0。"
                : "衰减把权重拉向 0，但在这里，它们最后并不离 0 更近。") +
              `训练代价：${n.short(f.train[0])} 和 ${n.short(f.train[1])}` +
              (f.isWorse ? "，所以衰减使拟合变差一些。" : "，所以衰减几乎没有使拟合变差。") +
              `测试代价：${n.fine(f.test[0])} 和 ${n.fine(f.test[1])}。` +
              (f.isSmaller && f.isChance
                ? `测试样本只有 ${f.tests} 个，这个差别可能出于偶然：所以前两个答案都算对。`
                : ""),
      },
      stop: {
        title: "对测试样本来说，最后一轮是最好的一轮吗？",
        options: [
          "是：测试代价在最后最低，或同样低",
          "不是：以前更低，后来上升了",
          "不是：在第一轮之前最低",
        ],
        found: (f, n) =>
          f.isOpen
            ? "这次训练发散，所以最后的结果没有可比性。"
            : `测试代价在第 ${f.epochs[0]} 轮之后最低${f.every > 1 ? `（每 ${f.every} 轮看一次）` : ""}，为 ${n.short(f.test[0])}；在最后的第 ${f.epochs[1]} 轮之后为 ${n.short(f.test[1])}；测试准确率为 ${n.percent(f.accuracies[0])} 和 ${n.percent(f.accuracies[1])}。` +
              (f.isEnd
                ? "所以在这里提前停止没有好处。"
                : f.isChance
                  ? `测试样本只有 ${f.tests} 个，这样的上升可能出于偶然：所以第一个答案也算对。`
                  : "提前停止会保留代价较低时的权重。") +
              "但是，按测试样本选出的轮数，不能再用它们来检验：提前停止要另留一部分训练样本，它们的代价上升就停止。" +
              (f.patience === null
                ? "本研究不作选择：训练满全部轮数。"
                : `本研究只按训练样本选择：它们的代价 ${f.patience} 轮没有进展，就停止。`),
      },
      mistake: {
        title: "如果从不更新阈值，准确率看得出来吗？",
        options: [
          "看得出：下降超过 5 个百分点",
          "看不出：变化不超过 5 个百分点",
          "反而提高超过 5 个百分点",
        ],
        found: (f, n) =>
          `测试准确率：没有错误时 ${n.percent(f.accuracies[0])}，有错误时 ${n.percent(f.accuracies[1])}（${f.tests} 个测试样本，一个占 ${n.percent(f.oneRow)}）。` +
          (f.suspect
            ? `梯度检验立刻能发现：${f.ofThreshold ? "某个阈值的梯度" : "某个梯度"}，按有限差分为 ${n.short(f.suspect.expected)}，在这个程序中为 ${n.short(f.suspect.own)}。`
            : "这里梯度检验没有发现什么：第一次更新中，阈值的梯度为 0，或远小于最大的梯度。"),
      },
      line: {
        title: "在这里网络比直线好吗？能有多大把握？",
        options: ["网络更好", "直线更好", "这些划分还不能判断"],
        found: (f, n) =>
          `${f.splits} 次划分的平均准确率：网络 ${n.percent(f.network)}，没有隐藏层的网络（${f.classes > 2 ? "两类之间的分界是直的" : "分界是直的"}）${n.percent(f.line)}。网络在 ${f.better} 次中更好，在 ${f.worse} 次中更差，在 ${f.splits - f.better - f.worse} 次中相同。` +
          "但各次划分有相同的样本，所以计数不能证明什么。" +
          (f.interval
            ? `考虑到这一点的 95% 置信区间：准确率之差在 ${n.short(100 * f.interval[0])} 到 ${n.short(100 * f.interval[1])} 个百分点之间，` +
              `${["所以网络更好", "所以直线更好", "所以差可能为 0，但这不等于就是 0"][f.right]}。`
            : f.isOrdered
              ? "每次只用较早的样本训练，通常的区间不适用。"
              : "各次的差都相同，所以看不出偶然性有多大。") +
          `研究的报告中与逻辑回归比较：它是同一种网络，但训练到代价不能再降为止；这里最多训练 ${f.epochs} 轮，所以两个准确率可能不同。`,
      },
    },
  },
};
