// 引导路径的中文文字：每个问题、可选的预测，以及用本研究的数写成的答案。

/** 激活函数的斜率对误差的影响。 @type {Record<string, string>} */
const SLOPES_IN_CHINESE = {
  sigmoid:
    "sigmoid 的斜率最大为 1/4，节点的总输入很大时要小得多：这时节点已饱和，输出几乎不变，误差也就几乎传不过去。",
  tanh: "总输入为 0 时，tanh 的斜率为 1；总输入很大时要小得多：这时节点已饱和，输出几乎不变，误差也就几乎传不过去。",
  relu: "总输入大于 0 时，ReLU 的斜率为 1，否则为 0：误差或者全部传过去，或者完全传不过去。",
};

/** @type {typeof import("./path_english.js").PATH_ENGLISH} */
export const PATH_CHINESE = {
  name: "引导路径",
  invitation:
    "八个问题，从感知器到本研究能说明什么：先预测，再播放，再看结果。也可以在下面自己探索。",
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
  none: "这几种预计都不对。",
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
        `有 4 个隐藏节点时，全部 ${f.all} 个点中 ${f.hidden} 个正确：每个节点画一条线，输出层把它们合起来。` +
        `下面的测试准确率只算 ${f.tests} 个测试点。` +
        "1969 年，感知器就停在这里（Minsky 和 Papert）；Werbos 的反向传播算法能训练隐藏节点。",
    },
    sample: {
      title: "一个样本会改变什么？",
      options: ["一个节点的权重", "输出层的权重", "全部权重和阈值"],
      found: (f, n) =>
        `${f.all} 个数中有 ${f.changed} 个改变，各按自己的${f.descends ? "梯度乘以 η" : "步长"}；最粗的连线变得最多。` +
        `对第 ${f.row} 行，代价从 ${n.fine(f.cost[0])} 变为 ${n.fine(f.cost[1])}：只是几千步中的一小步。`,
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
        `每往回一步都要乘以权重和节点的斜率，这里斜率的平均值依次为 ${n.list(f.slopes)}。` +
        (SLOPES_IN_CHINESE[f.activation] ?? ""),
    },
    deep: {
      title: "在深的网络中，哪一层学得最慢？",
      options: ["第一层，紧靠输入", "中间的一层", "输出层"],
      found: (f, n) =>
        `训练中 |error| 的平均值，从第一层到输出层：${n.list(f.strengths)}。请看“各层学习的快慢”：一层的误差是后一层的误差乘以权重和斜率。` +
        (f.lost[0]
          ? `${f.epochs} 轮后，深网络仍对全部训练样本预测同一类。`
          : `其测试准确率为 ${n.percent(f.accuracies[0])}，参考配置为 ${n.percent(f.accuracies[1])}。`),
    },
    wide: {
      title: "宽网络要等吗？到第几轮，它的代价才降到初始值与最低值的中点？",
      options: ["第 10 轮之前", "第 10 到 99 轮", "更晚", "本次训练中不会"],
      found: (f, n) =>
        (f.lost
          ? `有 ${f.nodes[0]} 个节点的网络在 ${f.epochs} 轮内没有学会`
          : `有 ${f.nodes[0]} 个节点时，到第 ${f.half[0]} 轮，训练代价降到中点`) +
        `；有 ${f.nodes[1]} 个节点时，到第 ${f.half[1]} 轮。` +
        (f.waits ? "" : "这里它不用等。") +
        (f.hasSlope && f.isFlatter
          ? (f.isUniform
              ? "权重从 0 到 1 之间开始，所以节点越多，输出层的总输入越大，输出越饱和。"
              : "") +
            `开始时，平均输出分别为 ${f.starts[0].output.toFixed(6)} 和 ${n.short(f.starts[1].output)}，所以斜率 ŷ(1 − ŷ) 为 ${n.short(f.starts[0].slope)} 和 ${n.short(f.starts[1].slope)}：误差要乘以它，几乎传不回去。`
          : f.hasSlope
            ? "开始时，宽网络的输出并不比另一个更平，误差同样传得回去。"
            : "这里的代价函数使误差不乘以输出层的斜率。"),
    },
    rate: {
      title: "学习率为 1.0 会怎样？",
      options: [
        "学得更快，测试样本上也更好",
        "学得更快，但测试样本上并不更好",
        "发散",
        "最后的训练代价更高",
      ],
      found: (f, n) =>
        f.diverged
          ? `η = ${f.rates[0]} 时，权重无限增长。η = ${f.rates[1]} 时，最后的代价为 ${n.short(f.train[1])}。`
          : `最后一次更新后的训练代价：η = ${f.rates[0]} 时 ${n.short(f.train[0])}，η = ${f.rates[1]} 时 ${n.short(f.train[1])}。测试代价：${n.short(f.test[0])} 和 ${n.short(f.test[1])}。` +
            (f.faster
              ? "学习率大，拟合训练样本更快，也可能拟合其中的偶然：请看测试样本的实线。"
              : "这里学习率太大：步子太长，跳过了代价最低的地方。"),
    },
    mistake: {
      title: "如果从不更新阈值，准确率看得出来吗？",
      options: [
        "看得出：下降超过 5 个百分点",
        "看不出：变化不超过 5 个百分点",
        "反而提高超过 5 个百分点",
      ],
      found: (f, n) =>
        `测试准确率：没有错误时 ${n.percent(f.accuracies[0])}，有错误时 ${n.percent(f.accuracies[1])}（${f.tests} 个测试样本）。` +
        (f.suspect
          ? `梯度检验立刻能发现：某个阈值的梯度，按有限差分为 ${n.short(f.suspect.expected)}，在这个程序中为 ${n.short(f.suspect.own)}。`
          : "这里梯度检验没有发现什么。"),
    },
    line: {
      title: "在这里网络比直线好吗？能有多大把握？",
      options: ["网络更好", "直线更好", "这些划分还不能判断"],
      found: (f, n) =>
        `${f.splits} 次划分的平均准确率：网络 ${n.percent(f.network)}，没有隐藏层的网络（分界是直的）${n.percent(f.line)}。网络在 ${f.better} 次中更好，在 ${f.worse} 次中更差，其余相同。` +
        "但各次划分的大多数样本相同，所以计数不能证明什么。" +
        (f.interval
          ? `考虑到这一点的 95% 置信区间：准确率之差在 ${n.short(100 * f.interval[0])} 到 ${n.short(100 * f.interval[1])} 个百分点之间，` +
            `${["所以网络更好", "所以直线更好", "所以差可能为 0"][f.right]}。`
          : "各次的差都相同，所以看不出偶然性有多大。") +
        `报告首页与逻辑回归比较：它是同一种网络，但训练到代价不能再降为止；这里最多训练 ${f.epochs} 轮，所以两个准确率可能略有不同。`,
    },
  },
};
