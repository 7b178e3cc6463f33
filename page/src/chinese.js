// 页面的全部中文文字。

import { PATH_CHINESE } from "./path_chinese.js";

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
  other: "English",
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
        ? "节点的误差是 E 对该节点总输入（已加阈值）的导数。误差从输出层开始：只有在那里，预测才能与真实类别比较。"
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
    table: "学习率与 β",
    mapLabel: "代价的地图。方向键移动起点；上面的句子说明走到哪里。",
    surfaceLabel: "画成曲面的代价，以及走过的路。",
    wait: "正在计算代价。",
    marks: { start: "起点", end: "训练终点" },
    directions: ["从训练的起点到终点", "与之垂直的随机方向"],
    randomDirections: ["一个随机方向", "与之垂直的另一个随机方向"],
    note:
      "地图上灰色越浓，代价越高；每条线连接代价相同的点；叉号是本研究训练的终点。拖动起点，或用方向键移动。" +
      "路只在这个平面上：每一步取这些样本的真实梯度，只沿它在两个方向上的分量走。",
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
      `否则，若下降不到可能降幅的 ${100 * fall}%，是爬行；其余是收敛。点击一格，就取它的学习率和 β。`,
  },
  path: PATH_CHINESE,
};
